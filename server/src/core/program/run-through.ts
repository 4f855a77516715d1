/** Runs through an entry point as the processor would: calls in source order, depth first. */

import { conditionOf, guardOf } from '../facts/flow/conditions.ts';
import type { Flows } from '../facts/flow/flow.ts';
import { anything, constantIn, equalName, type Mask, positive } from '../facts/flow/known.ts';
import type { CallFact, FunctionFacts, Value } from '../facts/types.ts';
import type { FunctionRef } from './program.ts';

/** Parameters by name, with what they can be in one run. */
export type Given = ReadonlyMap<string, Mask>;

/** One run of a function on the way down. */
export interface Frame {
  readonly fn: FunctionRef;
  readonly parent: Frame | null;
  /** The call in `parent` that runs the function. */
  readonly call: CallFact | null;
  /** What has to hold for it to run, and the loop that repeats it: its own, else its caller's. */
  readonly conditional: string | null;
  readonly repeats: string | null;
  readonly depth: number;
  /** The devres group that the kernel opens around the run, named after the function that it calls. */
  readonly group: string | null;
  /** What the call is known to hand over: `foo_configure(pdev, 0)`. */
  readonly given: Given;
  /** One turn of the loop around `call`, which runs each element of a table. */
  readonly turn: boolean;
}

/** A call that is made on the way. */
export interface Visit {
  readonly frame: Frame;
  readonly call: CallFact;
  readonly conditional: string | null;
  readonly repeats: string | null;
}

/** A function that a call runs. */
export interface Target {
  readonly fn: FunctionRef;
  /** What has to hold for this one of several to be meant. */
  readonly when: string | null;
  /** What repeats the run: nothing that the source shows. */
  readonly repeats: string | null;
  readonly group: string | null;
  /** The element of a table whose turn it is in the loop around the call. */
  readonly turn?: boolean;
  /** Named, but not gone into. */
  readonly closed?: boolean;
}

/** Hears of every call, and says which functions to go into. */
export interface Visitor {
  /** Whether a call can be of interest: what has to hold for the others is not looked at. */
  minds(frame: Frame, call: CallFact): boolean;
  visit(visit: Visit): readonly Target[];
  /** The turn of a target that is not gone into. */
  pass(visit: Visit, target: Target): void;
  /** A function is begun, and done with. */
  enter(frame: Frame): void;
  leave(frame: Frame): void;
}

const maximumDepth = 40;
export const maximumVisits = 30_000;

/** The frame of an entry point, or of a function that the kernel calls by itself. */
export function rootFrame(fn: FunctionRef, group: string | null = null): Frame {
  return {
    fn,
    parent: null,
    call: null,
    conditional: null,
    repeats: null,
    depth: 0,
    group,
    given: nothing,
    turn: false,
  };
}

const nothing: Given = new Map();

/** The constants that a call hands to a function, its own and those that it has been given. */
export function givenTo(
  flows: Flows,
  { fn: caller, given }: Pick<Frame, 'fn' | 'given'>,
  call: CallFact,
  fn: FunctionRef,
): Given {
  // What the kernel calls back gets its arguments from the kernel.
  const own = call.callee === '' || call.callee === fn.name;
  if (!own) return nothing;
  const { facts } = caller;
  const isKept = (value: Value) =>
    value.kind === 'path' &&
    (given.has(value.root) || equalTo(value, given) !== undefined) &&
    !facts.assigns.some(({ target }) => target.root === value.root && target.steps.length === 0);
  const isConstant = (value: Value) =>
    value.kind === 'literal' || (value.kind === 'words' && value.negative) || isNamed(facts, value);
  const known = call.args.map(({ value }) => isConstant(value) || isKept(value));
  // Most calls hand over nothing that is known: the function itself need not be read for that.
  if (!known.includes(true) || call.args.length !== fn.facts.params.length) return nothing;
  const out = new Map<string, Mask>();
  for (const [i, { value }] of call.args.entries()) {
    const { name = '' } = fn.facts.params[i] ?? {};
    if (!known[i] || name === '' || fn.facts.altered.includes(name)) continue;
    const mask = flows.of(facts).maskOf(value, given);
    if (mask !== anything) out.set(name, mask);
    const equal = equalTo(value, given);
    if (equal !== undefined) out.set(equalName(name, equal), positive);
  }
  // One run stands for all that call each other: the constant is that of the first.
  return out.size > 0 && comesBack(fn) ? nothing : out;
}

/** Whether a function leads to itself, over functions of its file: read off the index. */
function comesBack(fn: FunctionRef): boolean {
  const seen = new Set<FunctionRef>();
  const open = [fn];
  for (const one of open) {
    const { words } = one.file.source;
    for (const word of one.called) {
      const next = one.file.own(words.of(word));
      if (next === fn) return true;
      if (!next || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

/** A constant by name: no variable of the function goes by it. */
function isNamed({ locals, params }: FunctionFacts, value: Value): boolean {
  return (
    value.kind === 'path' &&
    constantIn(value) !== undefined &&
    !locals.some(({ name }) => name === value.root) &&
    !params.some(({ name }) => name === value.root)
  );
}

/** The constant that a value is, or that what it names has been given. */
function equalTo(value: Value, given: Given): string | undefined {
  const own = constantIn(value);
  if (own !== undefined || value.kind !== 'path') return own;
  const prefix = equalName(value.root, '');
  const key = [...given.keys()].find((one) => one.startsWith(prefix));
  return value.steps.length === 0 ? key?.slice(prefix.length) : undefined;
}

/**
 * @param failed the call of the root's whose failure leads to the others
 * @returns whether everything was visited: false when the way down was too long
 */
export function walk(
  root: Frame,
  flows: Flows,
  visitor: Visitor,
  calls: (frame: Frame) => readonly CallFact[] = (frame) => frame.fn.facts.calls,
  failed?: CallFact,
): boolean {
  let left = maximumVisits;
  const run = (frame: Frame): void => {
    visitor.enter(frame);
    callAll(frame);
    visitor.leave(frame);
  };
  const callAll = (frame: Frame): void => {
    const flow = flows.of(frame.fn.facts);
    const running = frame.given.size > 0 ? flow.given(frame.given) : undefined;
    for (const call of calls(frame)) {
      if (left-- <= 0) return;
      flows.effort.spend(2);
      if (running?.calls.has(call) === false || !visitor.minds(frame, call)) continue;
      const visit = {
        frame,
        call,
        conditional: joined(
          frame.conditional,
          conditionOf(flow, call, frame === root ? failed : undefined) ??
            guardOf(flow, call, running),
        ),
        repeats: flow.loopOf(call)?.text ?? frame.repeats,
      };
      for (const target of visitor.visit(visit)) {
        if (target.closed) visitor.pass(visit, target);
        else enter(visit, target);
      }
    }
  };
  const enter = (
    { frame, call, conditional, repeats }: Visit,
    { fn, when, group, repeats: again, turn = false }: Target,
  ): void => {
    if (frame.depth >= maximumDepth || isRunning(frame, fn)) return;
    run({
      fn,
      parent: frame,
      call,
      conditional: joined(conditional, when),
      repeats: turn ? frame.repeats : (again ?? repeats),
      depth: frame.depth + 1,
      group,
      given: givenTo(flows, frame, call, fn),
      turn,
    });
  };
  run(root);
  return left > 0;
}

function isRunning(frame: Frame, fn: FunctionRef): boolean {
  for (let at: Frame | null = frame; at; at = at.parent) if (at.fn === fn) return true;
  return false;
}

const separator = ';';

/** One condition inside another, in words. */
export function joined(outer: string | null, inner: string | null): string | null {
  if (outer === null || inner === null || outer.endsWith(inner)) return inner ?? outer;
  // What is further out is told by the functions on the way.
  return `${outer.slice(outer.lastIndexOf(separator) + 1).trim()}${separator} ${inner}`;
}

/** The functions from the entry down to a frame, both included. */
export function viaOf(frame: Frame): string[] {
  const out: string[] = [];
  for (let at: Frame | null = frame; at; at = at.parent) out.push(at.fn.name);
  return out.reverse();
}
