/**
 * Which calls give back what a call took: by the catalogue's pairs of functions, and by the object where both name
 * it.
 */
import type { Catalog, ManualTake } from '../catalog.ts';
import { type Mask, positive, zero } from '../facts/flow/known.ts';
import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact, Condition, PathValue } from '../facts/types.ts';
import type { CallGraph } from './call-graph.ts';
import { type MemberKey, memberKey, originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import { keysOf, shareMember } from './stops.ts';

/** Whether only a reference stays: no other device, file or thread sees it after the failure. */
export function isQuiet(catalog: Catalog, { group }: Pick<ManualTake, 'group'>): boolean {
  return catalog.takeGroups.get(group)?.stays === 'reference';
}

/** What is the matter with it when nothing gives it back, as a sentence ends with it. */
export function leftOf(catalog: Catalog, { group }: Pick<ManualTake, 'group'>): string {
  const stays = catalog.takeGroups.get(group)?.stays;
  if (stays === 'reference') return 'as it is';
  return stays === 'running' ? 'running' : 'registered';
}

/** What has to be given back by hand in a module: not what devm ends, which it took the object from. */
export function takesIn(
  program: Program,
  { data }: Catalog,
  /** Also what goes on a list then: a trace puts it there. */
  listed = false,
): ManualTake[] {
  return data.takes.filter(
    ({ unless = [], listedAfter = [] }) =>
      ![...unless, ...(listed ? [] : listedAfter)].some(
        (name) => program.functionsCalling(name).length > 0,
      ),
  );
}

/**
 * Whether a call takes at all what the catalogue says: an entry of a list stays only where the list does, and as
 * long as nobody sets the list up anew before it is filled again.
 */
export function isTaken(
  program: Program,
  { global, empties = [], folder }: Pick<ManualTake, 'global' | 'empties' | 'folder'>,
  site: CallSite,
): boolean {
  if (folder !== undefined) return isTopmost(site, folder);
  if (global === undefined) return true;
  const path = pathIn(site.call.args[global]?.value ?? { kind: 'literal', text: '' });
  // `LIST_HEAD(list);` in the body makes it the function's own.
  const isDeclared = site.caller.facts.calls.some(
    ({ callee, args }) =>
      !/[a-z]/.test(callee) && args.some(({ text }) => text.trim() === path?.root),
  );
  return (
    path?.address === 1 &&
    path.steps.length === 0 &&
    !isDeclared &&
    globalsOf(program, site).includes(`&${path.root}`) &&
    !program.callsOfAny(empties).some((one) => globalsOf(program, one).includes(`&${path.root}`))
  );
}

/** Whether a thing lies in no folder, or in one that a variable of the module or the kernel keeps: no device's. */
function isTopmost({ caller, call }: CallSite, folder: number): boolean {
  const argument = call.args[folder];
  if (argument?.text.trim() === 'NULL') return true;
  const path = argument && pathIn(argument.value);
  return (
    path !== undefined &&
    path.address === 0 &&
    path.steps.length === 0 &&
    !caller.facts.locals.some(({ name }) => name === path.root) &&
    !caller.facts.params.some(({ name }) => name === path.root)
  );
}

/**
 * What a call answers when it has taken something: a pointer where it gives one or fails with none, else the zero
 * of success.
 */
export function answerOfTake(
  { flows }: Catalog,
  { object }: Pick<ManualTake, 'object'>,
  { caller, call }: CallSite,
): Mask {
  const failed = flows.of(caller.facts).failureOf(call)?.answers;
  return object === 'return' || failed === 'nothing' ? positive : zero;
}

/** What the look-up reads of a take. */
export type Pair = Pick<
  ManualTake,
  'object' | 'releases' | 'exclusive' | 'perChild' | 'byList' | 'through'
>;

/** What the look-up reads of a module. */
interface World {
  readonly program: Program;
  readonly catalog: Catalog;
  readonly graph: CallGraph;
}

/** The calls of the module that can give back what `taken` takes. */
export function releaseSitesOf(world: World, take: Pair, taken: CallSite): CallSite[] {
  const { program, catalog } = world;
  const globals = globalsOf(program, taken);
  const keys = takenKeys(program, take, taken);
  const found = [
    ...take.releases.flatMap((name) => program.callsOf(name)),
    ...(take.through ?? []).flatMap((member) => program.callsThrough(member)),
  ].filter((site) => {
    const others = globalsOf(program, site);
    if (namesAny(program, site, globals)) return true;
    if (areComparable(globals, others)) return false;
    const index = catalog.deviceReleases.get(site.call.callee)?.object ?? 0;
    const given = isComparable(take, site, index)
      ? keysOf(program, site.caller, site.call, index)
      : [];
    return keys.length === 0 || given.length === 0 || shareMember(keys, given);
  });
  const lists = program
    .callsOfAny(take.byList ?? [])
    .filter((site) => namesAny(program, site, globals));
  return [...found, ...lists, ...overChildren(world, take)];
}

/** Calls that go over the children of a device and give back each: they hand on a release, or what leads to one. */
function overChildren({ program, catalog, graph }: World, { perChild = [] }: Pair): CallSite[] {
  if (perChild.length === 0) return [];
  const leads = graph.waysTo(perChild);
  return catalog.data.milestones
    .filter((one) => one.perChild)
    .flatMap(({ name, handler = -1 }) =>
      program.callsOf(name).filter(({ caller, call }) => {
        const given = call.args[handler]?.value;
        const path = given && pathIn(given);
        return (
          path &&
          (perChild.includes(path.root) || graph.handedAs(caller, path).some((fn) => leads.has(fn)))
        );
      }),
    );
}

/** Whether a call is given one of the variables, or what lists one. */
function namesAny(program: Program, site: CallSite, names: readonly string[]): boolean {
  return (
    names.length > 0 &&
    globalsOf(program, site).some((one) => names.some((name) => holds(program, site, one, name)))
  );
}

/** Whether a variable is another one, or lists it: a group of attributes, which its array names. */
function holds(program: Program, { caller: { file } }: CallSite, one: string, other: string) {
  if (one === other) return true;
  const [name, wanted] = [one, other].map((each) => each.replace('&', ''));
  // Few variables have an initialiser that could list anything.
  if (!name || !wanted || !program.isTable(file, name)) return false;
  const lists = [wanted, ...program.pastingMacrosIn(file)].flatMap((word) => [
    word,
    ...program.tablesMentioning(file, word),
  ]);
  return lists.some((list) => program.tableMentions(file, name, list));
}

/** Whether two lists of variables name the same sort of thing, and so two things where no name is in both. */
function areComparable(some: readonly string[], others: readonly string[]): boolean {
  return [true, false].some((isAddress) =>
    [some, others].every((list) => list.some((name) => name.startsWith('&') === isAddress)),
  );
}

/**
 * Variables of the file that a call is given: `&foo_component_ops`, or an array by its name. A pointer that
 * something is stored in can stand for what others call differently, and a function is no variable.
 */
function globalsOf(program: Program, { caller, call }: CallSite): string[] {
  return call.args.flatMap(({ value }) => {
    const path = pathIn(value);
    if (!path || isOwnName(caller, path.root)) return [];
    if (path.address === 1) return [`&${path.root}`];
    const isArray =
      path.steps.every((step) => step === '[]') &&
      /[a-z]/.test(path.root) &&
      program.resolve(path.root, caller.file) === undefined &&
      !isStoredIn(program, path.root);
    return isArray ? [path.root] : [];
  });
}

function isOwnName({ facts }: FunctionRef, name: string): boolean {
  return [...facts.locals, ...facts.params].some((one) => one.name === name);
}

/** Whether some function gives a variable of a file another value. */
function isStoredIn(program: Program, name: string): boolean {
  return program
    .mentioning(name)
    .some(
      (fn) =>
        !isOwnName(fn, name) &&
        fn.facts.assigns.some(({ target }) => target.root === name && target.steps.length === 0),
    );
}

function takenKeys(program: Program, take: Pair, site: CallSite): MemberKey[] {
  const { caller, call } = site;
  if (take.object !== 'return')
    return isComparable(take, site, take.object.argument)
      ? keysOf(program, caller, call, take.object.argument)
      : [];
  const holder = holderOf(caller.facts, call)?.target ?? storedIn(caller, call);
  const key = holder && memberKey(program, caller, holder, call.end);
  return key ? [key] : [];
}

/** The member that receives a call's result. */
function storedIn({ facts }: FunctionRef, call: CallFact) {
  const index = facts.assigned.numberOf(call);
  return facts.assigns.find((assign) => assign.value.kind === 'call' && assign.value.call === index)
    ?.target;
}

/** Objects that the driver embeds or stores are told by their member; numbers and parent devices are not. */
function isComparable(take: Pair, { caller, call }: CallSite, index: number): boolean {
  const value = call.args[index]?.value;
  return (
    take.object === 'return' ||
    (take.exclusive !== true && value?.kind === 'path' && isAddress(caller, value, call.start))
  );
}

/** Whether a path is the address of a member, or a local that was given one: `adap = &i2c->adap`. */
function isAddress(fn: FunctionRef, path: PathValue, before: number): boolean {
  if (path.address === 1 || path.steps.length > 0) return path.address === 1;
  const whole = originOf(fn, path, before).path;
  return whole.address === 1 && whole.steps.length > 0;
}

/** A variable of the file, or a static one, that is set up once and kept for the next probe: `if (!host) { … }`. */
export function isKept(catalog: Catalog, { caller, call }: CallSite): boolean {
  const { facts } = caller;
  return catalog.flows
    .of(facts)
    .around(call)
    .some(({ test }) => {
      const name = test?.kind === 'not' ? variableIn(test.of) : undefined;
      return (
        name !== undefined &&
        !facts.locals.some((one) => one.name === name && !one.kept) &&
        !facts.params.some((one) => one.name === name)
      );
    });
}

/** The variable that a condition asks for. */
function variableIn(test: Condition): string | undefined {
  const value = test.kind === 'is' ? test.value : undefined;
  return value?.kind === 'path' && value.steps.length === 0 && value.address === 0
    ? value.root
    : undefined;
}
