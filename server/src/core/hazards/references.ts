/** References to counted objects: one that a failing function puts twice, one that a file puts and has not taken. */
import type { ReferenceWord } from '../catalog-entries.ts';
import { anything } from '../facts/flow/known.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { PairQuestion, Pass, Question } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { areNone, sameItems, sameSet } from '../queries/same.ts';
import { type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import { callbackPairsOf } from '../teardown/callback-pairs.ts';

/** The functions that count references. */
export function namesOf(
  { catalog }: Pass,
  ...does: readonly ReferenceWord['does'][]
): readonly string[] {
  return catalog.data.references.filter((one) => does.includes(one.does)).map(({ name }) => name);
}

const maximumDepth = 3;

/** A call that puts the reference which a local or parameter stands for. */
interface Put {
  readonly call: CallFact;
  readonly root: string;
}

/** The object itself, or a part of it: not what a member of it points to. */
function isWhole({ steps, address }: PathValue): boolean {
  return steps.length === 0 ? address === 0 : address === 1;
}

function putsIn(pass: Pass, fn: FunctionRef, depth = maximumDepth): readonly Put[] {
  return pass.askBoth(puts, fn, depth);
}

/** By the function, and by how many functions that are handed it are looked into. */
const puts: PairQuestion<FunctionRef, number, readonly Put[]> = {
  answer: findPuts,
  equal: areNone,
};

function findPuts(pass: Pass, fn: FunctionRef, depth: number): readonly Put[] {
  return fn.facts.calls.flatMap((call): Put[] => {
    const direct = pass.catalog.putting.get(call.callee);
    const [target, other] = direct === undefined && depth > 0 ? pass.graph.targetsOf(fn, call) : [];
    const indexes =
      direct !== undefined
        ? [direct]
        : target && !other && target !== fn
          ? putParameters(pass, target, depth - 1)
          : [];
    return indexes.flatMap((index) => {
      const path = pathIn(call.args[index]?.value ?? { kind: 'literal', text: '' });
      return path && isWhole(path) ? [{ call, root: path.root }] : [];
    });
  });
}

/** The parameters whose reference a function puts each time that they are something. */
function putParameters(pass: Pass, fn: FunctionRef, depth: number): readonly number[] {
  return pass.askBoth(put, fn, depth);
}

const put: PairQuestion<FunctionRef, number, readonly number[]> = {
  answer: findPutParameters,
  equal: sameItems,
};

function findPutParameters(pass: Pass, fn: FunctionRef, depth: number): readonly number[] {
  if (!pass.graph.waysTo(namesOf(pass, 'puts')).has(fn) || fn.facts.calls.length > 8) return [];
  const flow = pass.catalog.flows.of(fn.facts);
  const always = putsIn(pass, fn, depth).filter(
    ({ call, root }) =>
      flow.isAlways(call) || flow.isAlwaysWith(call, { kind: 'path', root, steps: [], address: 0 }),
  );
  return fn.facts.params.flatMap(({ name }, i) =>
    always.some(({ root }) => root === name) ? [i] : [],
  );
}

export interface PutTwice {
  readonly fn: FunctionRef;
  readonly name: string;
  /** Where the reference is found, put on the failing way, and put again. */
  readonly found: CallFact;
  readonly first: CallFact;
  readonly second: CallFact;
  /** The first is a registration whose action has run when that failed. */
  readonly byAction?: true;
}

/** The functions that put one reference where something fails, and go on to where it is always put. */
export function putTwice(pass: Pass): PutTwice[] {
  const leads = pass.graph.waysTo(namesOf(pass, 'puts'));
  return [...leads.next.keys()].flatMap((fn) =>
    pass.program.isForeign(fn) ? [] : (pass.ask(twice, fn) ?? []),
  );
}

const twice: Question<FunctionRef, PutTwice | undefined> = { answer: twiceIn };

function twiceIn(pass: Pass, fn: FunctionRef): PutTwice | undefined {
  const puts = putsIn(pass, fn);
  const flow = pass.catalog.flows.of(fn.facts);
  for (const { call: first, root } of puts.length > 0 ? resetPuts(pass, fn) : []) {
    const found = foundBy(fn, root, first);
    if (!found || isTakenAgain(pass, fn, root, first, found)) continue;
    const failed = flow.whenFailed(first);
    const second = puts.find((one) => one.root === root && failed.includes(one.call));
    if (second) return { fn, name: root, found, first, second: second.call, byAction: true };
  }
  if (puts.length < 2) return undefined;
  for (const { call: first, root } of puts) {
    if (!flow.isOnFailure(first)) continue;
    const found = foundBy(fn, root, first);
    if (!found || isTakenAgain(pass, fn, root, first, found)) continue;
    const later = puts.filter(
      (one) =>
        one.root === root &&
        one.call !== first &&
        one.call.start > first.start &&
        !flow.isOnFailure(one.call) &&
        flow.loopOf(one.call) === flow.loopOf(first) &&
        !isStored(fn, root, first.end, one.call.start),
    );
    if (later.length === 0) continue;
    const { calls } = flow.whileHeld({ call: first, answer: anything }, new Map());
    const second = later.find(({ call }) => calls.has(call));
    if (second) return { fn, name: root, found, first, second: second.call };
  }
  return undefined;
}

/** The registrations whose action puts the reference, and has done so where they fail: `devm_add_action_or_reset()`. */
function resetPuts(pass: Pass, fn: FunctionRef): readonly Put[] {
  return [...pass.registrationsIn(fn).values()].flat().flatMap((one): Put[] => {
    const { api, call, target, data } = one;
    if (api.orReset !== true || !target || !data) return [];
    const path = pathIn(data.value);
    const given = target.facts.params.length - 1;
    return path && isWhole(path) && putParameters(pass, target, maximumDepth).includes(given)
      ? [{ call, root: path.root }]
      : [];
  });
}

/** The one call that answers the object. */
function foundBy({ facts }: FunctionRef, root: string, before: CallFact): CallFact | undefined {
  if (!facts.locals.some(({ name }) => name === root)) return undefined;
  const stores = facts.assigns.filter(
    ({ target, value }) =>
      target.root === root &&
      target.steps.length === 0 &&
      !(value.kind === 'path' && value.root === 'NULL') &&
      !(value.kind === 'literal' && /^(?:NULL|0)$/.test(value.text)),
  );
  const [store, other] = stores;
  if (!store || other || store.value.kind !== 'call' || store.start > before.start)
    return undefined;
  return facts.calls[store.value.call];
}

function isStored({ facts }: FunctionRef, root: string, from: number, until: number): boolean {
  return facts.assigns.some(
    ({ target, start }) =>
      target.root === root && target.steps.length === 0 && start > from && start < until,
  );
}

/** Whether the function has taken a reference besides the one that it was given. */
function isTakenAgain(
  pass: Pass,
  fn: FunctionRef,
  root: string,
  first: CallFact,
  found: CallFact,
): boolean {
  const gets = namesOf(pass, 'gets');
  const leads = pass.graph.waysTo(gets);
  return fn.facts.calls.some(
    (call) =>
      call !== found &&
      call.start < first.start &&
      call.args.some(({ value }) => pathIn(value)?.root === root) &&
      (gets.includes(call.callee) ||
        pass.graph.targetsOf(fn, call).some((target) => leads.has(target))),
  );
}

export interface PutUntaken {
  readonly open: FunctionRef;
  readonly close: CallSite;
  readonly tag: string;
  readonly binding: ClosedBinding;
}

/** The files whose last close puts a reference to what the driver puts as well, and whose open takes none. */
export function putUntaken(pass: Pass): PutUntaken[] {
  const bindings = closedBindingsOf(pass);
  return callbackPairsOf(pass).flatMap(({ start, end }): PutUntaken[] => {
    const flow = pass.catalog.flows.of(end.fn.facts);
    return putsIn(pass, end.fn).flatMap(({ call, root }): PutUntaken[] => {
      const type = pass.program.typeOfRoot(end.fn, root);
      const tag = type?.tagged && type.pointers === 1 ? type.name : undefined;
      if (tag === undefined || !flow.isAlways(call) || takes(pass, start.fn, tag)) return [];
      const binding = bindings.find((one) => one.ends.some((fn) => putsTag(pass, fn, tag)));
      return binding && binding.end.fn !== end.fn
        ? [{ open: start.fn, close: { caller: end.fn, call }, tag, binding }]
        : [];
    });
  });
}

/** Whether an open takes a reference, makes the object, or has another module answer it. */
function takes(pass: Pass, open: FunctionRef, tag: string): boolean {
  const names = new Set(namesOf(pass, 'gets', 'begins'));
  const allocations = new Set(pass.catalog.data.memory.map(({ name }) => name));
  return [...pass.graph.reachedFrom([open])].some((fn) =>
    fn.facts.calls.some(
      (call) =>
        names.has(call.callee) ||
        (allocations.has(call.callee) && allocatedStruct(pass.program, fn, call) === tag) ||
        call.callee === '',
    ),
  );
}

/** Whether a way out puts a reference to a struct. */
export function putsTag(pass: Pass, end: FunctionRef, tag: string): boolean {
  return [...pass.graph.reachedFrom([end])].some((fn) => pass.ask(tagsPut, fn).has(tag));
}

/** The structs to which a function puts references. */
const tagsPut: Question<FunctionRef, ReadonlySet<string>> = {
  answer: (pass, fn) =>
    new Set(putsIn(pass, fn).flatMap(({ root }) => pass.program.typeOfRoot(fn, root)?.name ?? [])),
  equal: sameSet,
};
