/**
 * The members that end up holding a call's result: through locals, and through callers that store what a function
 * returns.
 */
import type { CallFact, PathValue, Value } from '../facts/types.ts';
import { type MemberKey, memberKey, pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

const maximumRise = 3;

export function holdersOfResult(
  program: Program,
  fn: FunctionRef,
  call: CallFact,
  rise = maximumRise,
): MemberKey[] {
  const index = fn.facts.assigned.numberOf(call);
  const takes = (value: Value): boolean =>
    value.kind === 'call' ? value.call === index : value.kind === 'choice' && value.of.some(takes);
  const keys = fn.facts.assigns
    .filter((a) => takes(a.value))
    .flatMap((a) => keysOfTarget(program, fn, a.target, rise));
  return call.use === 'returned' ? [...keys, ...keysAtCallers(program, fn, rise)] : keys;
}

function keysOfTarget(
  program: Program,
  fn: FunctionRef,
  target: PathValue,
  rise: number,
): MemberKey[] {
  if (target.steps.length > 0) {
    const key = program.memberOf(fn, target);
    return key ? [{ tag: key.tag, member: key.member }] : [];
  }
  const isLocal = (value: Value | null): boolean => {
    const path = value && pathIn(value);
    return path?.root === target.root && path.steps.length === 0 && path.address === 0;
  };
  const stored = fn.facts.assigns
    .filter((a) => a.target.steps.length > 0 && isLocal(a.value))
    .flatMap((a) => memberKey(program, fn, a.target, a.end) ?? []);
  return fn.facts.returnsOf.some((r) => isLocal(r.value))
    ? [...stored, ...keysAtCallers(program, fn, rise)]
    : stored;
}

function keysAtCallers(program: Program, fn: FunctionRef, rise: number): MemberKey[] {
  return rise <= 0
    ? []
    : program
        .callersOf(fn)
        .flatMap(({ caller, call }) => holdersOfResult(program, caller, call, rise - 1));
}

/** Whether every value that is stored into the member comes from one of the calls, or is no object at all. */
export function onlyHolds(program: Program, key: MemberKey, calls: ReadonlySet<CallFact>): boolean {
  for (const { fn, assign } of program.storesTo(key.member.split('.').at(-1) ?? '')) {
    if (assign.value.kind === 'literal') continue;
    const found = program.memberOf(fn, assign.target);
    if (found?.member !== key.member || (found.tag !== '' && found.tag !== key.tag)) continue;
    if (!comesFrom(program, fn, assign.value, calls, maximumRise)) return false;
  }
  return true;
}

function comesFrom(
  program: Program,
  fn: FunctionRef,
  value: Value,
  calls: ReadonlySet<CallFact>,
  depth: number,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (value.kind === 'words') return value.words.includes('NULL') && value.words.length === 1;
  if (value.kind === 'path') {
    // What two locals hand to and fro comes from elsewhere: the other assignments tell.
    if (value.root === 'NULL' || seen.has(value.root)) return true;
    const others = new Set([...seen, value.root]);
    const given = fn.facts.assigns.filter(
      (a) => a.target.root === value.root && a.target.steps.length === 0,
    );
    return (
      value.steps.length === 0 &&
      given.length > 0 &&
      given.every(
        (a) => a.value.kind === 'literal' || comesFrom(program, fn, a.value, calls, depth, others),
      )
    );
  }
  if (value.kind === 'choice')
    return value.of.every(
      (part) => part.kind === 'literal' || comesFrom(program, fn, part, calls, depth, seen),
    );
  const call = value.kind === 'call' ? fn.facts.calls[value.call] : undefined;
  if (!call) return value.kind === 'literal';
  if (calls.has(call)) return true;
  const callee = depth > 0 ? program.resolve(call.callee, fn.file) : undefined;
  const returned =
    callee?.facts.returnsOf.filter((r) => r.value && r.value.kind !== 'literal') ?? [];
  return (
    callee !== undefined &&
    returned.some((r) => r.value && comesFrom(program, callee, r.value, calls, depth - 1))
  );
}
