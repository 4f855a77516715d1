/** A function of a program, the same object for as long as its name is there. */

import { factsOfBody, type ItemText, type SourceFunction } from '../facts/source-file.ts';
import type { FunctionDef, FunctionFacts } from '../facts/types.ts';
import { Column, Flag } from '../index/file-index.ts';
import type { Input, Queries } from '../queries/queries.ts';
import { type Entries, entriesOf } from './listed.ts';
import type { MacroCalls } from './macro-calls.ts';
import type { Unit } from './unit.ts';

/**
 * A function definition with the file that holds it. One object per definition: compare by identity.
 * Whoever reads its facts while something is computed depends on its body; its name and its place
 * are no dependency, as the one never changes and the other is looked up when something is shown.
 */
export class FunctionRef implements FunctionDef {
  readonly file: Unit;
  readonly name: string;
  readonly isStatic: boolean;
  private readonly input: Input<ItemText>;
  private readonly macros: MacroSource;
  private source: SourceFunction;
  private made: {
    readonly of: ItemText;
    readonly macros: string;
    readonly facts: FunctionFacts;
  } | null = null;
  private listed: { readonly facts: FunctionFacts; readonly entries: Entries } | null = null;

  constructor(context: UnitContext, file: Unit, source: SourceFunction) {
    this.file = file;
    this.name = source.name;
    this.isStatic = source.isStatic;
    this.input = context.queries.input(source.body);
    this.macros = context.macros;
    this.source = source;
  }

  get start(): number {
    return this.source.start;
  }

  get end(): number {
    return this.source.end;
  }

  /** Another definition of its name is the one that the newest kernel compiles. */
  get isOutdated(): boolean {
    return this.source.isOutdated;
  }

  get def(): FunctionDef {
    return this;
  }

  get facts(): FunctionFacts {
    this.input.get();
    return this.peek();
  }

  /** Numbers of the names with `(` behind them, sorted: read off the index, without a parse. */
  get called(): Int32Array {
    this.input.get();
    return this.file.source.index.calls(this.source.item);
  }

  /** Whether it may call something through an expression: the same. */
  get callsIndirectly(): boolean {
    this.input.get();
    const flags = this.file.source.index.cell(this.source.item, Column.flags);
    return (flags & Flag.callsThrough) !== 0 || this.source.body.bodyWords.callsVariable;
  }

  /** Whether what it calls may be a variable: the same. */
  get callsVariable(): boolean {
    this.input.get();
    return this.source.body.bodyWords.callsVariable;
  }

  /** Numbers of the members that it may call: the same. */
  get calledMembers(): readonly number[] {
    this.input.get();
    const flags = this.file.source.index.cell(this.source.item, Column.flags);
    return (flags & Flag.callsThrough) === 0 ? [] : this.source.body.bodyWords.calledMembers;
  }

  /** The text, for those who keep the indexes. */
  get body(): ItemText {
    return this.source.body;
  }

  /** Its number in the index of the file. */
  get item(): number {
    return this.source.item;
  }

  /** The facts, for those who keep the indexes. */
  peek(): FunctionFacts {
    const { body, name, isStatic } = this.source;
    const macros = this.macros();
    if (this.made?.of !== body || this.made.macros !== macros.key) {
      const facts = macros.factsOf(factsOfBody(body, name, isStatic));
      this.made = { of: body, macros: macros.key, facts };
    }
    return this.made.facts;
  }

  /** What the body adds to the indexes of its file, for those who keep them. */
  entries(): Entries {
    const facts = this.peek();
    if (this.listed?.facts !== facts) this.listed = { facts, entries: entriesOf(this, facts) };
    return this.listed.entries;
  }

  /** For the unit: the same function in a newer text. */
  replace(source: SourceFunction): void {
    this.source = source;
    this.input.set(source.body);
  }

  /** For the program: other macros make other facts of it. */
  reread(): void {
    this.input.touch();
  }
}

/** The macros of the program, as they are now. */
export type MacroSource = () => MacroCalls;

/** What the units of a program share. */
export interface UnitContext {
  readonly queries: Queries;
  readonly macros: MacroSource;
}
