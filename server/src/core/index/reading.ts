/** Where the skim stands in a text, and what it has collected: one object that its parts share. */
import { type IndexBuilder, Mentions } from './builder.ts';
import {
  Alternatives,
  type Block,
  type Gap,
  type OpenFunction,
  type State,
  type Variant,
} from './conditionals.ts';
import { Head } from './head.ts';
import type { Words } from './words.ts';

/** Heads under different conditions that share what comes next. */
export interface Variants {
  readonly list: readonly Variant[];
  /** So many tokens the present head had behind the `#endif`. */
  readonly end: number;
  /** Where `#if` starts and the line of `#endif` closes. */
  readonly start: number;
  readonly close: number;
}

export class Reading {
  readonly text: string;
  readonly words: Words;
  readonly builder: IndexBuilder;
  readonly mentions: Mentions;
  readonly alternatives: Alternatives;
  depth = 0;
  block: Block = 'none';
  open: readonly OpenFunction[] = [];
  readonly head = new Head();
  /** Saved where there is none. */
  readonly noHead = new Head();
  /** Counts heads, so that one can be told from the next in the same object. */
  headSerial = 0;
  variants: Variants | null = null;
  /** Directives inside the present head whose `#if` stands before it. */
  headGaps: Gap[] = [];

  constructor(text: string, words: Words, builder: IndexBuilder) {
    this.text = text;
    this.words = words;
    this.builder = builder;
    this.mentions = new Mentions(words);
    this.alternatives = new Alternatives(builder);
  }

  newHead(): void {
    this.head.reset();
    this.headSerial++;
    this.headGaps = [];
    this.variants = null;
    this.mentions.reset();
  }

  state(): State {
    const { depth, block, open, head } = this;
    return { depth, block, open, head: head.length > 0 ? head.copy() : this.noHead };
  }

  restore(state: State): void {
    this.depth = state.depth;
    this.block = state.block;
    this.open = state.open;
    this.head.reset();
    this.head.append(state.head, 0, state.head.length);
  }
}
