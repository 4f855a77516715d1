/**
 * Who calls whom in a module, through macros and through members of function-pointer tables too: a call
 * of a member means every function that a table, or an assignment, puts into that member of that struct.
 */
import type { Catalog } from '../catalog.ts';
import type { CallFact, MacroCall, PathValue } from '../facts/types.ts';
import type { Memo } from '../queries/queries.ts';
import { pathIn } from './objects.ts';
import { Pointees } from './pointees.ts';
import type { Callee, CallSite, FunctionRef, Program } from './program.ts';

/** Decides whether a call counts as a step on a way. */
export type Accepts = (site: CallSite) => boolean;

/** The functions that reach a call of a kind, each with its shortest way there. */
export class Ways {
  private readonly next: ReadonlyMap<
    FunctionRef,
    { readonly site: CallSite; readonly to: FunctionRef | undefined }
  >;

  constructor(
    next: ReadonlyMap<
      FunctionRef,
      { readonly site: CallSite; readonly to: FunctionRef | undefined }
    >,
  ) {
    this.next = next;
  }

  has(fn: FunctionRef): boolean {
    return this.next.has(fn);
  }

  /** The calls from `fn` down, the wanted one last; empty when there is no way. */
  from(fn: FunctionRef): CallSite[] {
    const out: CallSite[] = [];
    for (let step = this.next.get(fn); step; step = step.to && this.next.get(step.to))
      out.push(step.site);
    return out;
  }
}

/** The functions that running one can run, each with the calls that lead there. */
export class WaysDown {
  private readonly entered: ReadonlyMap<FunctionRef, CallSite | undefined>;

  /** @param entered the call that first entered each function; none for the start */
  constructor(entered: ReadonlyMap<FunctionRef, CallSite | undefined>) {
    this.entered = entered;
  }

  /** Breadth first, the start first. */
  functions(): Iterable<FunctionRef> {
    return this.entered.keys();
  }

  /** The calls from the start to a function. */
  to(fn: FunctionRef): readonly CallSite[] {
    const out: CallSite[] = [];
    for (let site = this.entered.get(fn); site; site = this.entered.get(site.caller))
      out.push(site);
    return out.reverse();
  }
}

const none: readonly FunctionRef[] = [];

/** Built on the first question. */
export class CallGraph {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly pointees: Pointees;
  private readonly ways: Memo<string, Ways>;
  private readonly down: Memo<FunctionRef, WaysDown>;
  private readonly otherCallees: Memo<FunctionRef, readonly Callee[]>;
  private readonly otherCallers: Memo<FunctionRef, readonly CallSite[]>;
  /** The macros that lead to a function by its name, or to what a member points to. */
  private readonly macrosTo: Memo<null, ReadonlyMap<string, readonly string[]>>;
  private readonly membersTagged: Memo<string, ReadonlySet<string>>;

  constructor(program: Program, catalog: Catalog) {
    this.program = program;
    this.catalog = catalog;
    this.pointees = new Pointees(program);
    const { queries } = program;
    this.ways = queries.memo((key: string) => this.waysFrom(program.callsOfAny(key.split(' '))));
    this.down = queries.memo((fn: FunctionRef) => this.findDown(fn));
    this.otherCallees = queries.memo((fn: FunctionRef) => this.findOtherCallees(fn));
    this.otherCallers = queries.memo((fn: FunctionRef) => this.findOtherCallers(fn), sameItems);
    this.macrosTo = queries.memo(() => this.findMacrosTo());
    this.membersTagged = queries.memo((name: string) => this.findTags(name));
  }

  /** The definitions in the module that a call can mean; several only through a pointer. */
  targetsOf(caller: FunctionRef, call: CallFact): readonly FunctionRef[] {
    const direct = call.callee === '' ? undefined : this.program.resolve(call.callee, caller.file);
    return direct ? [direct] : this.indirectTargetsOf(caller, call);
  }

  private indirectTargetsOf(caller: FunctionRef, call: CallFact): readonly FunctionRef[] {
    // Most names are the kernel's: they lead nowhere in the module.
    if (
      call.callee !== '' &&
      !this.catalog.milestones.has(call.callee) &&
      !this.program.macro(call.callee)
    )
      return none;
    if (call.callee !== '')
      return this.handedOver(caller, call) ?? this.throughMacro(caller, call.callee);
    const path = call.through ? pathIn(call.through) : undefined;
    return path ? this.pointees.of(caller, path) : [];
  }

  /** The functions that a pointer can mean in a function of the module. */
  pointedTo(fn: FunctionRef, path: PathValue): readonly FunctionRef[] {
    return this.pointees.of(fn, path);
  }

  /** The table whose elements a call goes through, `inits[i](x)` or `parts[i].init(x)`, by its name. */
  tableOf(caller: FunctionRef, call: CallFact): string | undefined {
    const path = call.callee === '' && call.through ? pathIn(call.through) : undefined;
    return path && this.pointees.isTable(caller, path) ? path.root : undefined;
  }

  /** Every function that running one of `starts` can run, the starts included. */
  reachedFrom(starts: readonly FunctionRef[]): Set<FunctionRef> {
    const seen = new Set<FunctionRef>();
    const pending = [...starts];
    for (let at = pending.pop(); at; at = pending.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const { target } of this.program.calleesOf(at)) pending.push(target);
      for (const { target } of this.otherCalleesOf(at)) pending.push(target);
    }
    return seen;
  }

  /** Every function that running `start` can run, with the calls that lead there; over a pointer only when it can mean one function. */
  waysDown(start: FunctionRef, accepts?: Accepts): WaysDown {
    return accepts ? this.findDown(start, accepts) : this.down.get(start);
  }

  private findDown(start: FunctionRef, accepts?: Accepts): WaysDown {
    const ways = new Map<FunctionRef, CallSite | undefined>([[start, undefined]]);
    for (const caller of ways.keys()) {
      for (const { call, target } of this.onlyCalleesOf(caller)) {
        if (ways.has(target)) continue;
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
    const direct = this.program.calleesOf(fn);
    const found: Callee[] = [];
    let next = 0;
    for (const call of fn.facts.calls) {
      // Both lists are in source order: what is direct need not be looked up again.
      if (direct[next]?.call === call) next++;
      else for (const target of this.indirectTargetsOf(fn, call)) found.push({ call, target });
    }
    return found;
  }

  /** The calls that can mean one function only, in source order. */
  private onlyCalleesOf(fn: FunctionRef): readonly Callee[] {
    const others = this.otherCalleesOf(fn);
    if (others.length === 0) return this.program.calleesOf(fn);
    const single = others.filter(
      ({ call }) => others.filter((other) => other.call === call).length === 1,
    );
    return [...this.program.calleesOf(fn), ...single].sort((a, b) => a.call.start - b.call.start);
  }

  /** A call through a pointer whose functions the module does not show, in one of `functions`. */
  unresolvedIn(functions: Iterable<FunctionRef>): CallSite | undefined {
    for (const caller of functions) {
      for (const call of caller.facts.calls)
        if (call.callee === '' && this.targetsOf(caller, call).length === 0)
          return { caller, call };
    }
    return undefined;
  }

  /** The functions that reach a call by one of `names`. */
  waysTo(names: Iterable<string>, accepts?: Accepts): Ways {
    const all = [...names];
    if (accepts) return this.waysFrom(this.program.callsOfAny(all), accepts);
    // Several rules ask the same question.
    return this.ways.get(all.join(' '));
  }

  /** The functions that reach one of `sites`. */
  waysFrom(sites: readonly CallSite[], accepts: Accepts = () => true): Ways {
    const next = new Map<FunctionRef, { site: CallSite; to: FunctionRef | undefined }>();
    let edge: FunctionRef[] = [];
    const mark = (site: CallSite, to: FunctionRef | undefined): void => {
      if (next.has(site.caller) || !accepts(site)) return;
      next.set(site.caller, { site, to });
      edge.push(site.caller);
    };
    for (const site of sites) mark(site, undefined);
    while (edge.length > 0) {
      const reached = edge;
      edge = [];
      for (const fn of reached) for (const site of this.callersOf(fn)) mark(site, fn);
    }
    return new Ways(next);
  }

  /** The calls that can mean `fn`, through pointers too. */
  callersOf(fn: FunctionRef): readonly CallSite[] {
    const others = this.otherCallers.get(fn);
    const direct = this.program.callersOf(fn);
    return others.length === 0 ? direct : [...direct, ...others];
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
   * The calls that mean `fn` by another way than its name: through a member or a variable that may
   * point to it, by a macro, as a callback that a kernel function runs.
   */
  private findOtherCallers(fn: FunctionRef): readonly CallSite[] {
    const { program } = this;
    const sites = new Set<CallSite>();
    const members = this.pointees.membersOf(fn);
    for (const member of members) for (const site of program.callsThrough(member)) sites.add(site);
    if (members.length > 0 || this.pointees.isHandedOn(fn))
      for (const site of program.callsThrough('')) sites.add(site);
    const macrosTo = this.macrosTo.get(null);
    const macros = [fn.name, ...members].flatMap((word) => macrosTo.get(word) ?? []);
    for (const site of program.callsOfAny(new Set(macros))) sites.add(site);
    if (this.pointees.isHandedOn(fn))
      for (const milestone of this.catalog.data.milestones)
        if (milestone.role === 'run-callback')
          for (const site of program.callsOf(milestone.name)) sites.add(site);
    // A function by the macro's name is found by that name already.
    return [...sites].filter(
      ({ caller, call }) =>
        (call.callee === '' || !program.resolve(call.callee, caller.file)) &&
        this.targetsOf(caller, call).includes(fn),
    );
  }

  /** The macros whose body calls a word, or a member of that name, by the word. */
  private findMacrosTo(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const { name, calls } of this.program.ownMacros())
      for (const word of new Set(calls.map((call) => call.word))) push(found, word, name);
    return found;
  }

  /** What a function-like macro of the module calls: functions by name, and members of the struct that the step before names. */
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

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
