/**
 * What is known of a file from its own text alone: plain data that can be stored and compared.
 *
 * Offsets in a `FunctionFacts` count from the first character of its definition, so that they hold
 * when the text above it changes; all other offsets count from the start of the file. All are UTF-16
 * code units into the unmasked text.
 */

import type { Span } from '../text.ts';
import type { Assigns } from './assigns.ts';

/** A type as far as lifetimes need it: `struct foo_bo *` is `{ name: 'foo_bo', tagged: true, pointers: 1 }`. */
export interface TypeRef {
  /** Tag, typedef or primitive name; `''` when it could not be read. */
  readonly name: string;
  /** Written with struct, union or enum. */
  readonly tagged: boolean;
  /** Number of `*`. */
  readonly pointers: number;
}

/**
 * An expression as far as lifetimes need it; casts and parentheses are dropped.
 * - `path`: `&m->q.vm[2]` is root `m`, steps `q`, `vm`, `[]`, address 1; `*p` is root `p`, address -1;
 *   `to_foo(x)->m` has the root `to_foo(x)`
 * - `call`: the result of the call with that index
 * - `choice`: one of several (`a ? b : c`, `a ?: b`)
 * - `words`: anything else, as the identifiers that it names, in order, members aside; `paths` are those of them
 *   that lead to members; `negative` when it is the negated constant (`-ENODEV`), `test` when it is a condition
 *   (`!p`, `a && b`, `ret < 0`)
 */
export type Value =
  | {
      readonly kind: 'path';
      readonly root: string;
      readonly steps: readonly string[];
      readonly address: -1 | 0 | 1;
    }
  | { readonly kind: 'call'; readonly call: number }
  | { readonly kind: 'choice'; readonly of: readonly Value[] }
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'words';
      readonly words: readonly string[];
      readonly paths?: readonly PathValue[];
      readonly negative?: true;
      readonly test?: Condition;
    };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** A condition as an expression; what a kernel macro around it means is the catalogue's to say. */
export type Condition =
  | { readonly kind: 'is'; readonly value: Value }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: Value;
      readonly right: Value;
    }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

export type PathValue = Extract<Value, { kind: 'path' }>;

export interface Argument extends Span {
  /** As written, line breaks kept. */
  readonly text: string;
  readonly value: Value;
}

/** What becomes of a call's result. */
export type ResultUse = 'ignored' | 'assigned' | 'returned' | 'tested' | 'argument' | 'other';

export interface CallFact extends Span {
  /** The called name, `''` when the call goes through an expression. */
  readonly callee: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** The called expression when it is no function's name: `ops->fini`, or a variable. */
  readonly through: Value | null;
  readonly args: readonly Argument[];
  /** Index into `contexts`, -1 at the top level of the body. */
  readonly context: number;
  /** Index into `blocks`; within a block what ends first runs first. */
  readonly block: number;
  readonly use: ResultUse;
  /** The macro that makes the call, where the program has put the call in the macro's place. */
  readonly macro?: string;
}

export interface AssignFact extends Span {
  readonly target: PathValue;
  readonly value: Value;
  readonly context: number;
  readonly block: number;
  /** A local's initialiser. */
  readonly declares: boolean;
  /** `ret |= f()`: what was there before is a part of it. */
  readonly adds?: true;
}

export interface ReturnFact extends Span {
  readonly value: Value | null;
  readonly context: number;
  /** Where its value is read first; the exits that it makes are those of the blocks. */
  readonly block: number;
}

export type ContextKind = 'if' | 'else' | 'loop' | 'case' | 'block' | 'preprocessor';

/** A condition or loop around statements. */
export interface Context extends Span {
  readonly parent: number;
  readonly kind: ContextKind;
  /** The condition or the macro's call as written, for display: one line of at most 120 characters. */
  readonly text: string;
  /** The controlled statement ends with return, goto, break or continue. */
  readonly exits: boolean;
  /** The first block inside. */
  readonly block: number;
  /** What holds inside an `if` or a loop, and does not in an `else`. */
  readonly test?: Condition;
  /** Where a loop's statement starts: what its head calls lies between there and its body. */
  readonly head?: number;
  /** How a loop counts: `i++` or `--i`, in its head. */
  readonly counts?: 'up' | 'down';
}

export interface Local {
  readonly name: string;
  readonly type: TypeRef;
  /** `__free(kfree)`: what gives it back where the scope ends. */
  readonly cleanup?: string;
  /** `static`: it keeps its value from one run to the next. */
  readonly kept?: true;
}

export interface Parameter extends Span {
  /** `''` for a prototype's unnamed one. */
  readonly name: string;
  readonly type: TypeRef;
}

/** One use of a parameter in the body. */
export interface ParameterUse extends Span {
  readonly param: number;
  /** Where the member's name starts in `param->member`, -1 when it is used otherwise. */
  readonly memberStart: number;
}

export interface LabelFact {
  readonly name: string;
  readonly start: number;
  readonly block: number;
}

export interface GotoFact {
  readonly label: string;
  readonly start: number;
  readonly context: number;
  /** The block that it ends. */
  readonly block: number;
}

/**
 * What decides at a block's end.
 * - a condition: `next` is where it goes when that holds, and when not
 * - `switch`: `cases` are the labels, one for each of `next`; null for default, and for no case at all
 * - `build`: `#if`; `next` are the text inside and what else there is. What it `asks` is written in one
 *   way, so that others that ask the same are seen
 * - `macro`: a macro that opens a block or a loop, by its name
 */
export type Decision =
  | Condition
  | {
      readonly kind: 'switch';
      readonly value: Value;
      readonly cases: readonly (Value | null)[];
    }
  | { readonly kind: 'build'; readonly asks: string; readonly not?: true }
  | { readonly kind: 'macro'; readonly name: string; readonly loop: boolean };

/** Where the function is left, with one of the values that its return can answer: `a ?: b` has two exits. */
export interface Exit {
  /** null for `return;` and for the end of the body. */
  readonly value: Value | null;
  /** Where the return starts, -1 for the end of the body. */
  readonly start: number;
}

/**
 * What runs without a choice, and where it can go on. `&&`, `||` and `!` are taken apart into blocks of
 * their own, so that each edge tells one thing; calls, assignments and returns say in which they stand.
 */
export interface Block {
  /** The blocks that can run next; none after an exit. */
  readonly next: readonly number[];
  readonly test?: Decision;
  readonly exit?: Exit;
}

export interface FunctionFacts {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly isStatic: boolean;
  readonly returns: TypeRef;
  readonly params: readonly Parameter[];
  /** The parameter list with its parentheses. */
  readonly paramList: Span;
  /** The body with its braces. */
  readonly body: Span;
  readonly calls: readonly CallFact[];
  readonly assigns: readonly AssignFact[];
  /** The same by what they are looked for. */
  readonly assigned: Assigns;
  readonly returnsOf: readonly ReturnFact[];
  readonly contexts: readonly Context[];
  /** The ways through the body; the first is where it begins. */
  readonly blocks: readonly Block[];
  readonly locals: readonly Local[];
  readonly labels: readonly LabelFact[];
  readonly gotos: readonly GotoFact[];
  /** Names that change in other ways than by assignments: `i++`, and what the head of a loop macro names. */
  readonly altered: readonly string[];
  readonly paramUses: readonly ParameterUse[];
  /** Number of ERROR and MISSING nodes inside. */
  readonly errors: number;
}

/** A function definition at its place in the file. */
export interface FunctionDef extends Span {
  readonly facts: FunctionFacts;
}

export interface Prototype extends Span {
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly paramList: Span;
}

export interface Member {
  /** `''` for an anonymous struct or union. */
  readonly name: string;
  readonly type: TypeRef;
  readonly array: boolean;
  /** Members of a struct or union that is defined in place. */
  readonly members: readonly Member[];
}

export interface StructDef extends Span {
  readonly tag: string;
  readonly members: readonly Member[];
}

/**
 * One `.member = function` of an initialiser; nested members are dotted. An element that a macro makes,
 * `DEF(NR, fn)`, has the member `DEF(1)`, one without a designator its place in its list, `[1]`.
 */
export interface TableEntry extends Span {
  readonly member: string;
  readonly value: string;
}

/** A file-scope variable with an initialiser that names functions. */
export interface TableDef extends Span {
  readonly name: string;
  /** Tag of its struct, `''` for an anonymous one and for an array of function pointers. */
  readonly struct: string;
  readonly entries: readonly TableEntry[];
}

/** `word(` or `before->word(` in a macro's body. */
export interface MacroCall {
  readonly word: string;
  /** A member is called, through `->` or `.`. */
  readonly arrow: boolean;
  /** The name before the arrow. */
  readonly before: string | null;
}

/** A function-like macro. */
export interface MacroDef extends Span {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: string;
  readonly calls: readonly MacroCall[];
}

/** A comment that silences rules. */
export interface Suppression extends Span {
  /** As written; empty when it names none. */
  readonly rules: readonly string[];
  /** Null when it gives none, or only the words that stand for one. */
  readonly reason: string | null;
  /** The line, statement or function that it is about. */
  readonly covers: Span;
  /** What to delete to take it away, null when its comment says more. */
  readonly removal: Span | null;
}

export interface FileFacts {
  /** `#include "x.h"` names as written. */
  readonly includes: readonly string[];
  readonly functions: readonly FunctionDef[];
  readonly prototypes: readonly Prototype[];
  readonly structs: readonly StructDef[];
  readonly tables: readonly TableDef[];
  readonly macros: readonly MacroDef[];
  /** Number of ERROR and MISSING nodes. */
  readonly errors: number;
  /** Why nothing of the text was read, in words for people. */
  readonly unread?: string;
}
