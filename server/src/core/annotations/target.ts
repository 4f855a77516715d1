/** What stands at an offset of a file: a function of the module, or a managed call. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Unit } from '../program/unit.ts';
import type { Span } from '../text.ts';
import { type ManagedCall, managedCall } from './managed-calls.ts';

export interface FunctionTarget {
  readonly kind: 'function';
  readonly fn: FunctionRef;
  /** The name that was pointed at. */
  readonly span: Span;
}

export interface CallTarget {
  readonly kind: 'call';
  readonly managed: ManagedCall;
  readonly span: Span;
}

export type Target = FunctionTarget | CallTarget;

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function nameOf(call: CallFact): Span {
  return { start: call.nameStart, end: call.nameEnd };
}

function shifted({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Answers from facts alone, so that words in comments and strings mean nothing. */
export function targetAt(pass: Pass, path: string, offset: number): Target | undefined {
  const file = pass.program.files.find((one) => one.path === path);
  if (file === undefined) return undefined;
  const fn = pass.program.functions.find((one) => one.file === file && holds(one.def, offset));
  return fn === undefined ? outside(pass, file, offset) : inside(pass, fn, offset);
}

function inside(pass: Pass, fn: FunctionRef, offset: number): Target | undefined {
  const base = fn.def.start;
  const at = offset - base;
  const name = { start: fn.facts.nameStart, end: fn.facts.nameEnd };
  if (holds(name, at)) return { kind: 'function', fn, span: shifted(name, base) };
  for (const call of fn.facts.calls) {
    if (!holds(call, at)) continue;
    if (call.callee !== '' && holds(nameOf(call), at)) {
      const span = shifted(nameOf(call), base);
      const managed = managedCall(pass, fn, call);
      if (managed) return { kind: 'call', managed, span };
      const callee = pass.program.resolve(call.callee, fn.file);
      return callee && { kind: 'function', fn: callee, span };
    }
    const named = call.args.find((argument) => holds(argument, at));
    const value = named && pathIn(named.value);
    if (!named || !value || value.steps.length > 0) continue;
    const span = wordIn(named.text, value.root, named.start);
    const callee = span && holds(span, at) && pass.program.resolve(value.root, fn.file);
    if (span && callee) return { kind: 'function', fn: callee, span: shifted(span, base) };
  }
  return undefined;
}

/** Prototypes, and the tables that name functions. */
function outside(pass: Pass, file: Unit, offset: number): Target | undefined {
  const prototype = pass.program.prototypesIn(file).find((one) => holds(one, offset));
  // The name ends where the parameters begin, but for spaces.
  if (prototype && offset <= prototype.paramList.start) {
    const start = prototype.paramList.start - prototype.name.length;
    const fn = pass.program.resolve(prototype.name, file);
    return fn && offset >= start
      ? { kind: 'function', fn, span: { start, end: prototype.paramList.start } }
      : undefined;
  }
  const entry = pass.program
    .tablesIn(file)
    .flatMap(({ entries }) => entries)
    .find((one) => holds(one, offset));
  const fn = entry && pass.program.resolve(entry.value, file);
  if (!entry || !fn) return undefined;
  // Behind an address operator; inside of a macro's call it stands somewhere else.
  const span = { start: entry.end - entry.value.length, end: entry.end };
  if (span.start - entry.start > 1) return undefined;
  return holds(span, offset) ? { kind: 'function', fn, span } : undefined;
}

function wordIn(text: string, word: string, start: number): Span | undefined {
  const at = text.search(new RegExp(`\\b${word}\\b`));
  return at < 0 ? undefined : { start: start + at, end: start + at + word.length };
}
