/**
 * The world of a rule: the module, what the catalogue says, and what the joins have found. It stays
 * while the module's files change; whatever is asked of it while a rule runs is noted by the memo
 * engine, so that an edit runs again what read it.
 */

import type { Catalog } from './catalog.ts';
import type { SourceFile } from './facts/source-file.ts';
import type { CallFact } from './facts/types.ts';
import { Once } from './once.ts';
import { CallGraph } from './program/call-graph.ts';
import { Effects } from './program/effects.ts';
import { isSameTableFunction, type TableFunction, tableFunctions } from './program/entries.ts';
import type { ForeignModule } from './program/foreign.ts';
import { Memory } from './program/memory.ts';
import { Allocations } from './program/object-origins.ts';
import { type FunctionRef, Program } from './program/program.ts';
import { isSameRegistration, type Registration, registrationsOf } from './program/registrations.ts';
import { push } from './push.ts';
import type { Memo } from './queries/queries.ts';
import { sameItems } from './queries/same.ts';

/** A question about the module whose answers are worth keeping. Make one constant of it. */
export interface Question<K, V> {
  /** Must be a function of the pass and the key alone. */
  readonly answer: (pass: Pass, key: K) => V;
  /** Whether a newer answer is as good as the older one: then those who have read that stand. */
  readonly equal?: (a: V, b: V) => boolean;
}

/** What a pass is made of. */
export interface PassInput {
  /** Sources and headers. */
  readonly files: readonly SourceFile[];
  /** Other modules of the tree that this one calls. */
  readonly foreign?: readonly ForeignModule[] | undefined;
  /** The text of one of the files as it was read; without it no fix is made. */
  readonly textOf?: (path: string) => string | undefined;
}

/** A question about two things: the answers about the first are kept with it, by the second. */
export interface PairQuestion<K, L, V> {
  readonly answer: (pass: Pass, first: K, second: L) => V;
  readonly equal?: (a: V, b: V) => boolean;
}

export class Pass {
  readonly catalog: Catalog;
  readonly program: Program;
  readonly graph: CallGraph;
  readonly effects: Effects;
  readonly allocations: Allocations;
  readonly memory: Memory;
  private readonly memos = new Map<Question<never, unknown>, Memo<never, unknown>>();
  private readonly pairs = new Map<
    PairQuestion<never, never, unknown>,
    Memo<never, Memo<never, unknown>>
  >();
  private input: PassInput;
  private newest = new Once();

  constructor(input: PassInput, catalog: Catalog) {
    this.input = input;
    this.catalog = catalog;
    this.program = new Program(catalog, input.files, input.foreign);
    this.graph = new CallGraph(this.program, catalog);
    this.effects = new Effects(this.program, catalog, this.graph);
    this.allocations = new Allocations(this.program, catalog);
    this.memory = new Memory(this.program, catalog, (fn) => this.registrationsOf(fn));
  }

  /** Takes over newer files. */
  update(input: PassInput): void {
    this.input = input;
    this.newest = new Once();
    this.program.update(input.files, input.foreign);
  }

  /** The answer to a question, computed when something that it read has changed. */
  ask<K, V>(question: Question<K, V>, key: K): V {
    const known = this.memos.get(question as Question<never, unknown>);
    const memo =
      (known as unknown as Memo<K, V> | undefined) ??
      this.program.queries.memo((one: K) => question.answer(this, one), question.equal);
    if (!known)
      this.memos.set(question as Question<never, unknown>, memo as unknown as Memo<never, unknown>);
    return memo.get(key);
  }

  /** The same for a question about two things. */
  askBoth<K, L, V>(question: PairQuestion<K, L, V>, first: K, second: L): V {
    const key = question as unknown as PairQuestion<never, never, unknown>;
    const known = this.pairs.get(key) as Memo<K, Memo<L, V>> | undefined;
    const { queries } = this.program;
    const memo =
      known ??
      queries.memo((one: K) =>
        queries.memo((other: L) => question.answer(this, one, other), question.equal),
      );
    if (!known) this.pairs.set(key, memo as unknown as Memo<never, Memo<never, unknown>>);
    return memo.get(first).get(second);
  }

  /** What is registered, in the order of files and positions. */
  get registrations(): readonly Registration[] {
    return this.ask(registrations, null);
  }

  /** Those that register one function of the module. */
  registrationsOf(target: FunctionRef): readonly Registration[] {
    return this.ask(registrationsOfTarget, target);
  }

  /** Those that one function makes, by the call. */
  registrationsIn(fn: FunctionRef): RegistrationsByCall {
    return this.ask(registrationsInFunction, fn);
  }

  /** The functions of the module that tables of known structs name. */
  get tableFunctions(): readonly TableFunction[] {
    return this.ask(tabled, null);
  }

  /** The buses whose drivers the module holds: `pci`, `platform`, … */
  get buses(): ReadonlySet<string> {
    return this.ask(buses, null);
  }

  /** Answers for fixes, about the texts as they are now: no rule may ask for them while it runs. */
  get once(): Once {
    return this.newest;
  }

  /** The text of one of the module's files, undefined when it is not at hand. */
  textOf(path: string): string | undefined {
    return this.input.textOf?.(path);
  }
}

const registrations: Question<null, readonly Registration[]> = {
  answer: ({ program, catalog, graph }) => registrationsOf(program, catalog, graph),
  equal: (a, b) => sameItems(a, b, isSameRegistration),
};

/** The registrations of a module by what they register, and by the function that makes them. */
const sortedRegistrations: Question<
  null,
  {
    readonly byTarget: ReadonlyMap<FunctionRef, readonly Registration[]>;
    readonly byCaller: ReadonlyMap<FunctionRef, readonly Registration[]>;
  }
> = {
  answer: ({ registrations }) => {
    const byTarget = new Map<FunctionRef, Registration[]>();
    const byCaller = new Map<FunctionRef, Registration[]>();
    for (const one of registrations) {
      if (one.target) push(byTarget, one.target, one);
      push(byCaller, one.fn, one);
    }
    return { byTarget, byCaller };
  },
};

const noRegistrations: readonly Registration[] = [];

const registrationsOfTarget: Question<FunctionRef, readonly Registration[]> = {
  answer: (pass, target) =>
    pass.ask(sortedRegistrations, null).byTarget.get(target) ?? noRegistrations,
  equal: (a, b) => sameItems(a, b, isSameRegistration),
};

export type RegistrationsByCall = ReadonlyMap<CallFact, readonly Registration[]>;

const registrationsInFunction: Question<FunctionRef, RegistrationsByCall> = {
  answer: (pass, fn) => {
    const found = new Map<CallFact, Registration[]>();
    for (const one of pass.ask(sortedRegistrations, null).byCaller.get(fn) ?? noRegistrations)
      push(found, one.call, one);
    return found;
  },
  equal: (a, b) => sameItems([...a.values()].flat(), [...b.values()].flat(), isSameRegistration),
};

const tabled: Question<null, readonly TableFunction[]> = {
  answer: ({ program, catalog }) => tableFunctions(program, catalog),
  equal: (a, b) => sameItems(a, b, isSameTableFunction),
};

const buses: Question<null, ReadonlySet<string>> = {
  answer: ({ program, catalog }) =>
    new Set(program.tables().flatMap(({ table }) => catalog.ops.get(table.struct)?.bus ?? [])),
};
