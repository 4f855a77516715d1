/** The module's own managed variant of an acquiring function, in place of an action that releases by hand. */

import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { offered } from './offer.ts';
import { codeOf, statementOf } from './sources.ts';
import { linesToDelete } from './text/lines.ts';

/** The wrapper's function and the acquiring call in it. */
interface Wrapper {
  readonly fn: FunctionRef;
  readonly inner: CallFact;
}

/** The fix, undefined where the module has no such function. */
export function useManagedWrapper(pass: Pass, registration: Registration): Fix | undefined {
  const { target, fn } = registration;
  const taken = acquiredData(pass, registration);
  if (!target || !taken || target.facts.calls.length !== 1) return undefined;
  const wrapper = wrapperOf(pass, registration, target, taken);
  const args = wrapper && wrapperArguments(wrapper, taken);
  if (!wrapper || !args) return undefined;
  const edits = new EditSet();
  if (!dropRegistration(pass, registration, edits)) return undefined;
  editCall(pass, fn, taken, wrapper.fn.name, new Map(), edits, args);
  return offered(
    'managed-wrapper',
    `Use ${wrapper.fn.name}(), which releases at unbind by itself`,
    edits,
    { notice: 'it is released where it was taken now: what was registered in between goes first' },
  );
}

/** The call in the registering function that acquired the data. */
function acquiredData(pass: Pass, { fn, call, data }: Registration): CallFact | undefined {
  let path = data && pathIn(data.value);
  if (path && path.steps.length > 0) {
    const { root, steps } = path;
    const stored = fn.facts.assigns.filter(
      (a) =>
        a.target.root === root && a.target.steps.join() === steps.join() && a.end <= call.start,
    );
    path = stored.length === 1 && stored[0] ? pathIn(stored[0].value) : undefined;
  }
  const origin = path && originOf(fn, path, call.start).call;
  return origin && pass.catalog.acquires.get(origin.callee)?.pinned ? origin : undefined;
}

/**
 * A function of the module that acquires by the same function, releases by the same ones at unbind, and can be
 * called here.
 */
function wrapperOf(
  pass: Pass,
  { fn }: Registration,
  target: FunctionRef,
  taken: CallFact,
): Wrapper | undefined {
  const releases = (one: FunctionRef) =>
    new Set(pass.effects.releasesOf(one).map((effect) => effect.release.name));
  const needed = releases(target);
  for (const other of pass.registrations) {
    const path = other.data && pathIn(other.data.value);
    const inner = path?.steps.length === 0 ? originOf(other.fn, path, other.call.start).call : null;
    if (
      other.api.scope !== 'bound' ||
      other.fn === fn ||
      !other.target ||
      inner?.callee !== taken.callee
    )
      continue;
    const given = releases(other.target);
    const returned = other.fn.facts.returnsOf.some(
      (one) => one.value && pathIn(one.value)?.root === path?.root,
    );
    if (
      !returned ||
      ![...needed].every((name) => given.has(name)) ||
      !isVisible(pass, fn, other.fn, taken)
    )
      continue;
    return { fn: other.fn, inner };
  }
  return undefined;
}

/** Whether the wrapper is declared where the acquiring function is. */
function isVisible(
  { program }: Pass,
  fn: FunctionRef,
  wrapper: FunctionRef,
  taken: CallFact,
): boolean {
  if (wrapper.file === fn.file) return wrapper.def.start < fn.def.start;
  const headers = new Set(program.prototypesOf(taken.callee).map(({ file }) => file));
  return (
    !wrapper.isStatic && program.prototypesOf(wrapper.name).some(({ file }) => headers.has(file))
  );
}

/** The call's arguments in the order of the wrapper's parameters; undefined when the wrapper fixes another value. */
function wrapperArguments({ fn, inner }: Wrapper, taken: CallFact): string[] | undefined {
  const given = new Map<string, string>();
  for (const [i, arg] of inner.args.entries()) {
    const mine = taken.args[i]?.text.trim() ?? '';
    // `foo->bar` of a parameter `foo` says what the parameter is, too.
    const [, root = '', rest = ''] = /^(\w+)((?:->.*)?)$/.exec(arg.text.trim()) ?? [];
    const param = fn.facts.params.find((one) => one.name === root);
    if (!param ? arg.text.trim() !== mine : !mine.endsWith(rest)) return undefined;
    if (!param) continue;
    const value = mine.slice(0, mine.length - rest.length);
    if (given.has(root) && given.get(root) !== value) return undefined;
    given.set(root, value);
  }
  const args = fn.facts.params.map((param) => given.get(param.name));
  return args.every((arg) => arg !== undefined) ? args : undefined;
}

/** Takes the registration out, with the test of its result. */
function dropRegistration(pass: Pass, { fn, call }: Registration, edits: EditSet): boolean {
  const code = codeOf(pass, fn);
  const placed = code && statementOf(code, call);
  if (!code || !placed) return false;
  const { statement, list, index, parent } = placed;
  if (call.use === 'returned' && statement.word === 'return') {
    edits.put(fn.file.path, statement, 'return 0;');
    return true;
  }
  const check = list[index + 1];
  const holder = holderOf(fn.facts, call)?.target.root;
  if (parent && parent.statement.kind !== 'block') return false;
  if (call.use !== 'assigned' || holder === undefined || check?.word !== 'if' || check.otherwise)
    return false;
  edits.put(fn.file.path, linesToDelete(code.text, { start: statement.start, end: check.end }), '');
  return true;
}
