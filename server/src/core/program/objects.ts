/**
 * Which object an expression means. Inside a function a local stands for what was assigned to it;
 * across functions an object is known by the member that holds it, so that the BO that is unpinned
 * can be told to be the BO that was pinned.
 */
import type { AssignFact, CallFact, FunctionFacts, PathValue, Value } from '../facts/types.ts';
import type { FunctionRef, Program } from './program.ts';

/** A member of a struct as an object's name across functions: `foo_copy.table`. */
export interface MemberKey {
  /** `''` when the struct could not be told. */
  readonly tag: string;
  readonly member: string;
}

/** Where an expression leads when locals are replaced by what they hold. */
export interface Origin {
  readonly path: PathValue;
  /** The parameter at the root, -1 when it is none. */
  readonly param: number;
  /** The call whose result is at the root. */
  readonly call: CallFact | null;
}

const maximumAliases = 8;

/** The path in a value: the value itself, the first choice, or undefined. */
export function pathIn(value: Value): PathValue | undefined {
  if (value.kind === 'path') return value;
  if (value.kind === 'choice') return value.of.map(pathIn).find((path) => path !== undefined);
  return undefined;
}

/** What a local was last given before `before`, or its only value. */
function assignedTo(facts: FunctionFacts, name: string, before: number): Value | undefined {
  let first: AssignFact | undefined;
  let last: AssignFact | undefined;
  for (const one of facts.assigned.to(name)) {
    first ??= one;
    if (one.start < before) last = one;
  }
  return (last ?? first)?.value;
}

/** Follows locals back to a parameter, a global, or a call's result. */
export function originOf(fn: FunctionRef, path: PathValue, before: number): Origin {
  const at = aliasesOf(fn, path, before).at(-1) ?? path;
  const param = fn.facts.params.findIndex((p) => p.name === at.root);
  const value = param < 0 ? heldBy(fn, at, before) : undefined;
  const call = value?.kind === 'call' ? (fn.facts.calls[value.call] ?? null) : null;
  return { path: at, param, call };
}

/** A path as written, and as it reads each time that the local at its root is replaced by what it holds. */
export function aliasesOf(fn: FunctionRef, path: PathValue, before: number): readonly PathValue[] {
  const found = [path];
  for (let at = path; found.length <= maximumAliases; ) {
    const value = heldBy(fn, at, before);
    const next = value && pathIn(value);
    if (!next || next.root === at.root) break;
    at = {
      kind: 'path',
      root: next.root,
      steps: [...next.steps, ...at.steps],
      address: at.steps.length === 0 ? at.address || next.address : at.address,
    };
    found.push(at);
  }
  return found;
}

/** What the local at the root of a path holds; a parameter stands for itself. */
function heldBy({ facts }: FunctionRef, { root }: PathValue, before: number): Value | undefined {
  if (facts.params.some(({ name }) => name === root)) return undefined;
  return facts.locals.some(({ name }) => name === root)
    ? assignedTo(facts, root, before)
    : undefined;
}

/** The member that a path ends in, typed in its own function: aliases are tried when it has no step. */
export function memberKey(
  program: Program,
  fn: FunctionRef,
  path: PathValue,
  before: number,
): MemberKey | undefined {
  const isNamed = ({ steps }: PathValue) => steps.some((step) => step !== '[]');
  // The local that is nearest to the member tells the struct: `foo = data; bar = foo->bar;`.
  const typed = (isNamed(path) ? [path] : aliasesOf(fn, path, before).filter(isNamed)).map((one) =>
    program.memberOf(fn, one),
  );
  const found = typed.find((one) => one && one.tag !== '') ?? typed.at(-1);
  return found && { tag: found.tag, member: found.member };
}

/** The members that a path can end in: a local that was given one of several stands for each. */
export function memberKeys(
  program: Program,
  fn: FunctionRef,
  path: PathValue,
  before: number,
): readonly MemberKey[] {
  const { facts } = fn;
  const given =
    path.steps.length === 0 && facts.locals.some(({ name }) => name === path.root)
      ? facts.assigns.filter(
          ({ target, start }) =>
            target.root === path.root && target.steps.length === 0 && start < before,
        )
      : [];
  const paths = given.length > 1 ? given.flatMap(({ value }) => pathIn(value) ?? []) : [path];
  return paths.flatMap((one) => memberKey(program, fn, one, before) ?? []);
}

/** Whether two keys can mean the same member: an unknown struct matches any. */
export function sameMember(a: MemberKey, b: MemberKey): boolean {
  return a.member === b.member && (a.tag === b.tag || a.tag === '' || b.tag === '');
}

/** An expression as a reader would write it: `m->pt_bo`. */
export function showPath(path: PathValue): string {
  const prefix = path.address === 1 ? '&' : path.address === -1 ? '*' : '';
  return (
    prefix +
    path.root +
    path.steps.map((step, i) => (step === '[]' ? '[]' : `${i === 0 ? '->' : '.'}${step}`)).join('')
  );
}
