/**
 * Who calls whom in a module, through macros and through members of function-pointer tables too: a call
 * of a member means every function that a table, or an assignment, puts into that member of that struct.
 */

import type { Catalog } from '../catalog.ts';
import type { CallFact, MacroCall, PathValue, Value } from '../facts/types.ts';
import { push } from '../push.ts';
import type { Memo } from '../queries/queries.ts';
import { sameItems, sameSet } from '../queries/same.ts';
import { pathIn } from './objects.ts';
import { Pointees } from './pointees.ts';
import type { Callee, CallSite, FunctionRef, Program } from './program.ts';

/** Decides whether a call counts as a step on a way. */
export type Accepts = (site: CallSite) => boolean;

/** The call with which a function goes on to `to`; to what was asked for when there is none. */
type SiteOf = (fn: FunctionRef, to: FunctionRef | undefined) => CallSite | undefined;

/** The functions that reach a call of a kind, each with its shortest way there. */
export class Ways {
  /** What each goes on to; undefined for those that make a wanted call themselves. */
  readonly next: ReadonlyMap<FunctionRef, FunctionRef | undefined>;
  private readonly siteOf: SiteOf;

  constructor(next: ReadonlyMap<FunctionRef, FunctionRef | undefined>, siteOf: SiteOf) {
    this.next = next;
    this.siteOf = siteOf;
  }

  has(fn: FunctionRef): boolean {
    return this.next.has(fn);
  }

  /** The calls from `fn` down, the wanted one last; empty when there is no way. */
  from(fn: FunctionRef): CallSite[] {
    const out: CallSite[] = [];
    for (let at: FunctionRef | undefined = fn; at && this.next.has(at); at = this.next.get(at)) {
      const site = this.siteOf(at, this.next.get(at));
      if (!site) break;
      out.push(site);
    }
    return out;
  }

  /** Whether two lead the same functions by the same ways. */
  static same(a: Ways, b: Ways): boolean {
    if (a.next.size !== b.next.size) return false;
    for (const [fn, to] of a.next) if (!b.next.has(fn) || b.next.get(fn) !== to) return false;
    return true;
  }
}

/** The functions that running one can run, each with the calls that lead there. */
export class WaysDown {
  private readonly entered: ReadonlyMap<FunctionRef, CallSite | undefined>;

  /** @param entered the call that first entered each function; none for the start */
  constructor(entered: ReadonlyMap<FunctionRef, CallSite | undefined>) {
    this.entered = entered;
  }

  /** Whether two lead to the same functions over the same calls. */
  static same(a: WaysDown, b: WaysDown): boolean {
    if (a.entered.size !== b.entered.size) return false;
    return sameItems(
      [...a.entered],
      [...b.entered],
      ([fn, site], [otherFn, other]) =>
        fn === otherFn && site?.caller === other?.caller && site?.call === other?.call,
    );
  }

  /** Breadth first, the start first. */
  functions(): Iterable<FunctionRef> {
    return this.entered.keys();
  }

  has(fn: FunctionRef): boolean {
    return this.entered.has(fn);
  }

  /** The calls from the start to a function. */
  to(fn: FunctionRef): readonly CallSite[] {
    const out: CallSite[] = [];
    for (let site = this.entered.get(fn); site; site = this.entered.get(site.caller))
      out.push(site);
    return out.reverse();
  }
}

/** What the calls of a function that count lead to. */
export interface Leads {
  readonly targets: ReadonlySet<FunctionRef>;
  readonly names: ReadonlySet<string>;
}

/** A set of functions, as far as a walk asks. */
export interface Within {
  has(fn: FunctionRef): boolean;
}

const none: readonly FunctionRef[] = [];

/** The definitions that each call of a function means by its name; null where more has to be looked at. */
type Meanings = ReadonlyMap<CallFact, readonly FunctionRef[] | null>;

function isSameMeanings(a: Meanings, b: Meanings): boolean {
  if (a.size !== b.size) return false;
  for (const [call, meant] of a) {
    const other = b.get(call);
    if (other === undefined || other?.length !== meant?.length || other?.[0] !== meant?.[0])
      return false;
  }
  return true;
}

/** Whether a call goes through an element of an array of the module's: `parts[i]->init(x)`. */
function isElement(program: Program, fn: FunctionRef, { through }: CallFact): boolean {
  const path = through ? pathIn(through) : undefined;
  return path?.steps[0] === '[]' && !program.typeOfRoot(fn, path.root);
}

/** Built on the first question. */
export class CallGraph {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly pointees: Pointees;
  private readonly ways: Memo<string, Ways>;
  private readonly down: Memo<FunctionRef, WaysDown>;
  /** What running a function can run at once, and what can run it at once. */
  private readonly below: Memo<FunctionRef, readonly FunctionRef[]>;
  private readonly above: Memo<FunctionRef, readonly FunctionRef[]>;
  /** Everything that can run a function, itself included. */
  private readonly leading: Memo<FunctionRef, ReadonlySet<FunctionRef>>;
  /** The first call of one function that can mean another. */
  private readonly between: Memo<FunctionRef, Memo<FunctionRef, CallSite | undefined>>;
  private readonly otherCallees: Memo<FunctionRef, readonly Callee[]>;
  /** What the calls of a function mean, as far as their names tell. */
  private readonly meanings: Memo<FunctionRef, Meanings>;
  /** What a listed call through a pointer can mean. */
  private readonly meant: Memo<CallSite, readonly FunctionRef[]>;
  private readonly through: Memo<string, ReadonlyMap<FunctionRef, readonly CallSite[]>>;
  private readonly otherCallers: Memo<FunctionRef, readonly CallSite[]>;
  /** The macros that lead to a function by its name, or to what a member points to. */
  private readonly macrosTo: Memo<null, ReadonlyMap<string, readonly string[]>>;
  private readonly membersTagged: Memo<string, ReadonlySet<string>>;
  /** The macros whose body calls a member, or a function of the module. */
  private readonly leadingMacros: Memo<null, ReadonlySet<string>>;

  constructor(program: Program, catalog: Catalog) {
    this.program = program;
    this.catalog = catalog;
    this.pointees = new Pointees(program);
    const { queries } = program;
    this.ways = queries.memo((key: string) => this.findWays(key.split(' ')), Ways.same);
    this.below = queries.memo((fn: FunctionRef) => this.findBelow(fn), sameItems);
    this.above = queries.memo((fn: FunctionRef) => this.findAbove(fn), sameItems);
    this.leading = queries.memo((fn: FunctionRef) => this.findLeading(fn), sameSet);
    this.down = queries.memo((fn: FunctionRef) => this.findDown(fn), WaysDown.same);
    this.between = queries.memo((fn: FunctionRef) =>
      queries.memo((to: FunctionRef) => this.findBetween(fn, to)),
    );
    this.otherCallees = queries.memo((fn: FunctionRef) => this.findOtherCallees(fn));
    this.meanings = queries.memo((fn: FunctionRef) => this.findMeanings(fn), isSameMeanings);
    this.meant = queries.memo(
      ({ caller, call }: CallSite) => this.targetsOf(caller, call),
      sameItems,
    );
    this.through = queries.memo((member: string) => this.findThrough(member));
    this.otherCallers = queries.memo((fn: FunctionRef) => this.findOtherCallers(fn), sameItems);
    this.macrosTo = queries.memo(() => this.findMacrosTo());
    this.leadingMacros = queries.memo((): ReadonlySet<string> => {
      const leading = program
        .ownMacros()
        .filter(({ calls }) =>
          calls.some(({ arrow, word }) => arrow || program.named(word).length > 0),
        );
      return new Set(leading.map(({ name }) => name));
    });
    this.membersTagged = queries.memo((name: string) => this.findTags(name));
  }

  /** The definitions in the module that a call can mean; several only through a pointer. */
  targetsOf(caller: FunctionRef, call: CallFact): readonly FunctionRef[] {
    // A walk asks of every call that it meets: it depends on the function then, and not on each name in it.
    const known = this.meanings.get(caller).get(call);
    return (
      (known === undefined ? this.meaningOf(caller, call) : known) ?? this.search(caller, call)
    );
  }

  private findMeanings(fn: FunctionRef): Meanings {
    return new Map(fn.facts.calls.map((call) => [call, this.meaningOf(fn, call)]));
  }

  /** What a call's name means; null where that is not all to go by. */
  private meaningOf(caller: FunctionRef, call: CallFact): readonly FunctionRef[] | null {
    const { callee } = call;
    if (callee === '') return null;
    const direct = this.program.resolve(callee, caller.file);
    if (direct) return [direct];
    // Most names are the kernel's: they lead nowhere in the module.
    if (this.catalog.milestones.has(callee)) return null;
    return this.callsInMacro(callee).length > 0 ? null : none;
  }

  /** What a call means by another way than its name. */
  private search(caller: FunctionRef, call: CallFact): readonly FunctionRef[] {
    if (call.callee !== '')
      return this.handedOver(caller, call) ?? this.throughMacro(caller, call.callee);
    const path = call.through ? pathIn(call.through) : undefined;
    return path ? this.pointees.of(caller, path) : [];
  }

  /** The functions that a pointer can mean in a function of the module. */
  pointedTo(fn: FunctionRef, path: PathValue): readonly FunctionRef[] {
    return this.pointees.of(fn, path);
  }

  /** The functions that an argument means: `foo_irq`, or what `chip->irq_handler` can point to. */
  handedAs(caller: FunctionRef, value: Value): readonly FunctionRef[] {
    return [...new Set(this.pointees.meantBy(caller, value))];
  }

  /** The table whose elements a call goes through, `inits[i](x)` or `parts[i].init(x)`, by its name. */
  tableOf(caller: FunctionRef, call: CallFact): string | undefined {
    const path = call.callee === '' && call.through ? pathIn(call.through) : undefined;
    return path && this.pointees.isTable(caller, path) ? path.root : undefined;
  }

  /**
   * Every function that running one of `starts` can run, the starts included.
   * @param within what is not in it is not gone into
   */
  reachedFrom(starts: readonly FunctionRef[], within?: Within): Set<FunctionRef> {
    const seen = new Set<FunctionRef>();
    const pending = [...starts];
    for (let at = pending.pop(); at; at = pending.pop()) {
      if (seen.has(at) || (within && !within.has(at))) continue;
      seen.add(at);
      for (const target of this.below.get(at)) pending.push(target);
    }
    return seen;
  }

  /** Whether running one of `starts` can run `fn`: looked for from below, where the ways are few. */
  isReachedFrom(fn: FunctionRef, starts: Iterable<FunctionRef>): boolean {
    const leading = this.leading.get(fn);
    for (const start of starts) if (leading.has(start)) return true;
    return false;
  }

  /** The functions that can run `fn` at once, through pointers and macros too: no call of theirs is read. */
  callingFunctions(fn: FunctionRef): readonly FunctionRef[] {
    return this.above.get(fn);
  }

  private findLeading(fn: FunctionRef): ReadonlySet<FunctionRef> {
    const found = new Set([fn]);
    for (const at of found) for (const caller of this.above.get(at)) found.add(caller);
    this.program.queries.effort.spend(found.size);
    return found;
  }

  private findBelow(fn: FunctionRef): readonly FunctionRef[] {
    const direct = this.program.targetsOf(fn);
    const others = this.needsFacts(fn)
      ? this.otherCalleesOf(fn).map(({ target }) => target)
      : this.macroCallees(fn);
    // A thousand that each can call a thousand are a million callers.
    this.program.queries.effort.spend(direct.length + others.length);
    return others.length === 0 ? direct : [...new Set([...direct, ...others])];
  }

  /** Whether the index does not show all that a function calls: most members that are called are the kernel's. */
  private needsFacts(fn: FunctionRef): boolean {
    const { words } = fn.file.source;
    return (
      fn.callsVariable ||
      fn.calledMembers.some((word) => this.pointees.hasMember(words.of(word))) ||
      fn.called.some((word) => this.catalog.milestones.get(words.of(word))?.role === 'run-callback')
    );
  }

  /** The macros that lead to a function of the module, of those that a function uses. */
  private leadingIn(fn: FunctionRef): readonly string[] {
    const { words } = fn.file.source;
    const leading = this.leadingMacros.get(null);
    return Array.from(fn.called, (word) => words.of(word)).filter((name) => leading.has(name));
  }

  /** What the macros mean that a function uses: their arguments, and so its body, have no say in that. */
  private macroCallees(fn: FunctionRef): readonly FunctionRef[] {
    return this.leadingIn(fn).flatMap((name) =>
      this.program.resolve(name, fn.file) ? [] : this.throughMacro(fn, name),
    );
  }

  private findAbove(fn: FunctionRef): readonly FunctionRef[] {
    const { program } = this;
    const direct = program
      .functionsCalling(fn.name)
      .filter((caller) => program.resolve(fn.name, caller.file) === fn);
    const others = [
      ...this.macroCallers(fn),
      ...this.otherCallers.get(fn).map(({ caller }) => caller),
    ];
    this.program.queries.effort.spend(direct.length + others.length);
    return others.length === 0 ? direct : [...new Set([...direct, ...others])];
  }

  /** The functions that use a macro which can mean `fn`: what it means does not depend on its arguments. */
  private macroCallers(fn: FunctionRef): FunctionRef[] {
    const { program } = this;
    const macrosTo = this.macrosTo.get(null);
    const words = [fn.name, ...this.pointees.membersOf(fn)];
    const macros = new Set(words.flatMap((word) => macrosTo.get(word) ?? []));
    return [...macros].flatMap((macro) =>
      program
        .functionsCalling(macro)
        .filter(
          (caller) =>
            !program.resolve(macro, caller.file) && this.throughMacro(caller, macro).includes(fn),
        ),
    );
  }

  /**
   * Every function that running `start` can run, with the calls that lead there; over a pointer only
   * when it can mean one function.
   * @param within what is not in it is not gone into
   */
  waysDown(start: FunctionRef, accepts?: Accepts, within?: Within): WaysDown {
    return accepts || within ? this.findDown(start, accepts, within) : this.down.get(start);
  }

  /** The calls from `start` to a function, as `waysDown` finds them; only what leads there is read. */
  wayDownTo(start: FunctionRef, fn: FunctionRef): readonly CallSite[] | undefined {
    const down = this.findDown(start, undefined, this.leading.get(fn));
    return down.has(fn) ? down.to(fn) : undefined;
  }

  private findDown(start: FunctionRef, accepts?: Accepts, within?: Within): WaysDown {
    const ways = new Map<FunctionRef, CallSite | undefined>([[start, undefined]]);
    for (const caller of ways.keys()) {
      if (within && !this.below.get(caller).some((target) => within.has(target))) continue;
      for (const { call, target } of this.onlyCalleesOf(caller)) {
        if (ways.has(target) || (within && !within.has(target))) continue;
        const site = { caller, call };
        if (!accepts || accepts(site)) ways.set(target, site);
      }
    }
    return new WaysDown(ways);
  }

  /** The calls that mean a function by another way than its name: through a pointer or a macro. */
  private otherCalleesOf(fn: FunctionRef): readonly Callee[] {
    return this.otherCallees.get(fn);
  }

  private findOtherCallees(fn: FunctionRef): readonly Callee[] {
    if (!this.needsFacts(fn) && this.macroCallees(fn).length === 0) return [];
    const direct = this.program.calleesOf(fn);
    const found: Callee[] = [];
    let next = 0;
    for (const call of fn.facts.calls) {
      // Both lists are in source order: what is direct need not be looked up again.
      if (direct[next]?.call === call) next++;
      else for (const target of this.targetsOf(fn, call)) found.push({ call, target });
    }
    return found;
  }

  /** The calls of which each target runs, in source order: those that can mean one, and a loop's over a table. */
  private onlyCalleesOf(fn: FunctionRef): readonly Callee[] {
    const others = this.otherCalleesOf(fn);
    if (others.length === 0) return this.program.calleesOf(fn);
    const flow = this.catalog.flows.of(fn.facts);
    const single = others.filter(
      ({ call }) =>
        others.filter((other) => other.call === call).length === 1 ||
        (flow.loopOf(call) !== undefined && isElement(this.program, fn, call)),
    );
    return [...this.program.calleesOf(fn), ...single].sort((a, b) => a.call.start - b.call.start);
  }

  /** A call through a pointer whose functions the module does not show, in one of `functions`. */
  unresolvedIn(functions: Iterable<FunctionRef>): CallSite | undefined {
    for (const caller of functions) {
      if (!caller.callsIndirectly) continue;
      for (const call of caller.facts.calls)
        if (call.callee === '' && this.targetsOf(caller, call).length === 0)
          return { caller, call };
    }
    return undefined;
  }

  /**
   * The functions that reach a call by one of `names`.
   * @param among the functions in which `accepts` may say no: the calls of all others count unread
   * @param leads what `accepts` lets through in one of these, where that is known
   */
  waysTo(
    names: Iterable<string>,
    accepts?: Accepts,
    among?: Within,
    leads?: (fn: FunctionRef) => Leads,
  ): Ways {
    const all = [...names];
    // Several rules ask the same question.
    return accepts ? this.findWays(all, accepts, among, leads) : this.ways.get(all.join(' '));
  }

  /** What the calls of a function that count lead to, for `waysTo`. */
  leadsOf(fn: FunctionRef, accepts: Accepts): Leads {
    const calls = fn.facts.calls.filter((call) => accepts({ caller: fn, call }));
    return {
      targets: new Set(calls.flatMap((call) => this.targetsOf(fn, call))),
      names: new Set(calls.map(({ callee }) => callee)),
    };
  }

  /** Found on the index; the calls on a way are looked up when somebody wants to see them. */
  private findWays(
    names: readonly string[],
    accepts?: Accepts,
    among?: Within,
    leads?: (fn: FunctionRef) => Leads,
  ): Ways {
    const next = new Map<FunctionRef, FunctionRef | undefined>();
    const wanted = new Set(names);
    const siteOf = (caller: FunctionRef, to: FunctionRef | undefined): CallSite | undefined => {
      const call = caller.facts.calls.find(
        (one) =>
          (to ? this.targetsOf(caller, one).includes(to) : wanted.has(one.callee)) &&
          (!accepts || accepts({ caller, call: one })),
      );
      return call && { caller, call };
    };
    const mark = (caller: FunctionRef, to: FunctionRef | undefined): void => {
      if (next.has(caller)) return;
      const asks = accepts && (!among || among.has(caller));
      const isWay = () => {
        if (!leads) return siteOf(caller, to) !== undefined;
        const { targets, names: called } = leads(caller);
        return to ? targets.has(to) : names.some((name) => called.has(name));
      };
      if (!asks || isWay()) next.set(caller, to);
    };
    for (const name of names)
      for (const caller of this.program.functionsCalling(name)) mark(caller, undefined);
    // A map hands out what is added while it is walked: breadth first.
    for (const fn of next.keys()) for (const caller of this.above.get(fn)) mark(caller, fn);
    return new Ways(next, siteOf);
  }

  /**
   * The functions that reach one of `sites`.
   * @param until the one that is looked for: what is farther away is not
   */
  waysFrom(sites: readonly CallSite[], until?: FunctionRef): Ways {
    const next = new Map<FunctionRef, FunctionRef | undefined>();
    const made = new Map<FunctionRef, CallSite>();
    for (const site of sites) {
      if (next.has(site.caller)) continue;
      next.set(site.caller, undefined);
      made.set(site.caller, site);
    }
    for (const fn of next.keys()) {
      if (until && next.has(until)) break;
      for (const caller of this.above.get(fn)) if (!next.has(caller)) next.set(caller, fn);
    }
    return new Ways(next, (fn, to) => (to ? this.siteBetween(fn, to) : made.get(fn)));
  }

  /** The calls from a function down to one, by the shortest way; empty when there is none. */
  wayTo(start: FunctionRef, site: CallSite): CallSite[] {
    return this.waysFrom([site], start).from(start);
  }

  /** The first call in `caller` that can mean `to`. */
  private siteBetween(caller: FunctionRef, to: FunctionRef): CallSite | undefined {
    return this.between.get(caller).get(to);
  }

  private findBetween(caller: FunctionRef, to: FunctionRef): CallSite | undefined {
    const call = caller.facts.calls.find((one) => this.targetsOf(caller, one).includes(to));
    return call && { caller, call };
  }

  /** The calls that can mean `fn`, through pointers too. */
  callersOf(fn: FunctionRef): readonly CallSite[] {
    const direct = this.program.callersOf(fn);
    const macros = this.macroCallers(fn).flatMap((caller) =>
      caller.facts.calls
        .filter((call) => call.callee !== fn.name && this.targetsOf(caller, call).includes(fn))
        .map((call) => ({ caller, call })),
    );
    const others = this.otherCallers.get(fn);
    return macros.length + others.length === 0 ? direct : [...direct, ...macros, ...others];
  }

  /** The function that a kernel function is given to call: the release of `kref_put()`. */
  private handedOver(caller: FunctionRef, call: CallFact): readonly FunctionRef[] | undefined {
    const milestone = this.catalog.milestones.get(call.callee);
    if (milestone?.role !== 'run-callback') return undefined;
    const path = pathIn(call.args[milestone.handler ?? -1]?.value ?? { kind: 'words', words: [] });
    const target =
      path && path.steps.length === 0 ? this.program.resolve(path.root, caller.file) : undefined;
    return target ? [target] : [];
  }

  /**
   * The calls that mean `fn` by another way than its name and macros: through a member or a variable
   * that may point to it, as a callback that a kernel function runs.
   */
  private findOtherCallers(fn: FunctionRef): readonly CallSite[] {
    const { program } = this;
    const sites = new Set<CallSite>();
    const members = this.pointees.membersOf(fn);
    const add = (through: string): void => {
      for (const site of this.through.get(through).get(fn) ?? []) sites.add(site);
    };
    for (const member of members) add(member);
    if (members.length > 0 || this.pointees.isHandedOn(fn)) add('');
    for (const { fn: caller, call } of program.handingsOfFunction(fn))
      if (call && this.catalog.milestones.get(call.callee)?.role === 'run-callback')
        if (this.targetsOf(caller, call).includes(fn)) sites.add({ caller, call });
    program.queries.effort.spend(sites.size);
    return [...sites];
  }

  /** The calls through a member, by the functions that they can mean. */
  private findThrough(member: string): ReadonlyMap<FunctionRef, readonly CallSite[]> {
    const found = new Map<FunctionRef, CallSite[]>();
    for (const site of this.program.callsThrough(member))
      for (const target of this.meant.get(site)) push(found, target, site);
    return found;
  }

  /** The macros whose body calls a word, or a member of that name, by the word. */
  private findMacrosTo(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const { name, calls } of this.program.ownMacros())
      for (const word of new Set(calls.map((call) => call.word))) push(found, word, name);
    return found;
  }

  /**
   * What a function-like macro of the module calls: functions by name, and members of the struct that the step
   * before names.
   */
  private throughMacro(caller: FunctionRef, name: string): readonly FunctionRef[] {
    const found = new Set<FunctionRef>();
    for (const { before, arrow, word } of this.callsInMacro(name)) {
      const target = arrow ? undefined : this.program.resolve(word, caller.file);
      if (target) found.add(target);
      if (!arrow || before === null) continue;
      const tags = this.membersTagged.get(before);
      for (const fn of this.pointees.ofMember(word, tags)) found.add(fn);
    }
    return [...found];
  }

  private callsInMacro(name: string): readonly MacroCall[] {
    return this.program.macro(name)?.calls ?? [];
  }

  /** The structs that members of a name point to or hold. */
  private findTags(name: string): ReadonlySet<string> {
    const tags = new Set<string>();
    for (const def of this.program.structsWith(name)) {
      const member = def.members.find((one) => one.name === name);
      if (member?.type.tagged) tags.add(member.type.name);
    }
    return tags;
  }
}
