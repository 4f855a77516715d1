/** Which object an argument means on the way down from an entry, so that an early release finds what was taken. */
import type { CallFact, PathValue, Value } from '../facts/types.ts';
import { type MemberKey, originOf, pathIn, sameMember, showPath } from '../program/objects.ts';
import type { FunctionRef, Program } from '../program/program.ts';
import type { Frame } from '../program/run-through.ts';

export interface Identity {
  /** The object's expression at the function that owns its root. */
  readonly name: string;
  /** The members that hold it. */
  readonly keys: readonly MemberKey[];
  /** Which elements of arrays, as written on the way: `[0]`. */
  readonly elements: readonly string[];
  /** The members on the way from that root to the object. */
  readonly steps: readonly string[];
}

/** An expression, with its text where there is one. */
export interface Written {
  readonly value: Value;
  readonly text?: string;
}

const maximumRise = 12;

/** The object that an expression means in a frame; null when it is no plain one. */
export function identify(
  program: Program,
  frame: Frame,
  written: Written,
  before: number,
): Identity | null {
  const start = pathIn(written.value);
  if (!start) return null;
  const elements = [...elementsIn(written.text)];
  let at: { frame: Frame; path: PathValue; before: number } = { frame, path: start, before };
  for (let rise = 0; rise < maximumRise; rise++) {
    const { path, param, call } = originOf(at.frame.fn, at.path, at.before);
    const passed = param >= 0 ? passedTo(at.frame, param) : undefined;
    const above = passed && pathIn(passed.value);
    if (!passed || !above || !at.frame.parent || !at.frame.call)
      return { ...named(program, at.frame, path, call), elements };
    elements.unshift(...elementsIn(passed.text));
    const joined: PathValue = {
      kind: 'path',
      root: above.root,
      steps: [...above.steps, ...path.steps],
      address: path.steps.length === 0 ? above.address : path.address,
    };
    at = { frame: at.frame.parent, path: joined, before: at.frame.call.start };
  }
  return null;
}

function passedTo({ fn, call }: Frame, param: number) {
  // A kernel function that calls a member of a table passes what it likes.
  return call && call.args.length === fn.facts.params.length ? call.args[param] : undefined;
}

function named(
  program: Program,
  frame: Frame,
  path: PathValue,
  call: CallFact | null,
): Omit<Identity, 'elements'> {
  const member = path.steps.length > 0 ? program.memberOf(frame.fn, path) : undefined;
  const keys =
    member && member.tag !== ''
      ? [{ tag: member.tag, member: member.member }]
      : path.steps.length === 0
        ? heldIn(program, frame, path.root)
        : [];
  const from = call ? `${call.start}` : path.root;
  return { name: [frame.fn.name, from, ...path.steps].join('.'), keys, steps: path.steps };
}

interface Kept {
  readonly frame: Frame;
  readonly target: PathValue;
}

/** Where a local is stored into, here or by the callers on this way that it is returned to. */
function keptIn(frame: Frame, local: string, rise: number): readonly Kept[] {
  const { facts } = frame.fn;
  const kept = facts.assigned
    .from(local)
    .filter((one) => isPlace(one.target) && isLocal(one.value, local))
    .map(({ target }): Kept => ({ frame, target }));
  const { parent, call } = frame;
  if (
    rise >= maximumRise ||
    !parent ||
    !call ||
    !facts.returnsOf.some((one) => one.value && isLocal(one.value, local))
  )
    return kept;
  const index = parent.fn.facts.assigned.numberOf(call);
  const above = parent.fn.facts.assigns.filter(
    (one) => one.value.kind === 'call' && one.value.call === index,
  );
  return [
    ...kept,
    ...above.flatMap(({ target }) =>
      isPlace(target) ? [{ frame: parent, target }] : keptIn(parent, target.root, rise + 1),
    ),
  ];
}

/** A member, or what a pointer leads to. */
function isPlace(target: PathValue): boolean {
  return target.steps.length > 0 || target.address === -1;
}

function heldIn(program: Program, frame: Frame, local: string): MemberKey[] {
  return keptIn(frame, local, 0)
    .filter(({ target }) => target.steps.length > 0)
    .flatMap((one) => keyOf(program, one.frame.fn, one.target));
}

/**
 * What the driver calls an object that a helper has in a local only: the member that it ends up in, as
 * the function writes it that puts it there, or that hands the helper its address.
 */
export function keptAs(frame: Frame, value: Value | undefined): string | null {
  const path = value && pathIn(value);
  const { params } = frame.fn.facts;
  if (!path || path.steps.length > 0 || params.some((param) => param.name === path.root))
    return null;
  for (const { frame: at, target } of keptIn(frame, path.root, 0)) {
    const out = at.fn.facts.params.findIndex((param) => param.name === target.root);
    const isPlain = target.steps.every((step) => step === '[]');
    if (!isPlain) return showPath(target);
    const passed = out < 0 ? undefined : passedTo(at, out);
    const member = passed && pathIn(passed.value);
    if (member && member.steps.length > 0) return showPath({ ...member, address: 0 });
  }
  return null;
}

function isLocal(value: Value, local: string): boolean {
  const path = pathIn(value);
  return path?.root === local && path.steps.length === 0;
}

function keyOf(program: Program, fn: FunctionRef, path: PathValue): MemberKey[] {
  const found = program.memberOf(fn, path);
  return found && found.tag !== '' ? [{ tag: found.tag, member: found.member }] : [];
}

/** The subscripts of an expression. */
function elementsIn(text = ''): string[] {
  return text.match(/\[\s*\w+\s*\]/g) ?? [];
}

/** Whether both name elements of an array, by number, and not the same: a variable may be any. */
function areOthers(a: Identity, b: Identity): boolean {
  return (
    a.elements.length === b.elements.length &&
    a.elements.some(
      (one, i) =>
        one !== b.elements[i] && /^\[\s*\d/.test(one) && /^\[\s*\d/.test(b.elements[i] ?? ''),
    )
  );
}

export function isSame(a: Identity | null, b: Identity | null): boolean {
  if (!a || !b || areOthers(a, b)) return false;
  return a.name === b.name || a.keys.some((one) => b.keys.some((other) => sameMember(one, other)));
}
