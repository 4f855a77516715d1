/**
 * The memo engine: what was computed is kept with what it read, and is computed again only when
 * something that it read has changed. As in salsa, an input carries the revision of its last change,
 * and an answer that came out equal does not make its readers stale.
 *
 * Reads are recorded by being made: whoever reads an input or another answer while it is computed
 * depends on it. A computation must be a function of what it reads and of nothing else.
 */

import { Effort } from '../effort.ts';

/** Something that can be read: an input, or an answer. */
interface Source {
  /** The revision in which it last became another one. */
  readonly changed: number;
  /** The last round of edits in which what it rests on counts as being edited. */
  readonly hotUntil: number;
  /** The last run that recorded a read of it, so that a run lists it once. */
  reader: number;
  /** Brings it up to date; inputs always are. */
  refresh(): void;
}

/** One computation that is going on. */
interface Run {
  readonly id: number;
  readonly sources: Source[];
}

/** So many rounds of edits after its last change an input counts as being edited. */
const hotRounds = 64;

/**
 * One world of inputs and answers. Not shared between modules.
 *
 * Most of what an edit leaves alone is left alone by the next one, too. So inputs that have changed of
 * late are told from the others: an answer that rests on none of them stands without its sources being
 * asked, as long as no other input has changed.
 */
export class Queries {
  /** What answers cost is counted here. */
  readonly effort: Effort;
  private round = 0;
  private coldChange = 0;
  /** Counts the changes of inputs. */
  private revision = 1;
  private runs = 0;
  private run: Run | null = null;

  constructor(effort: Effort = new Effort()) {
    this.effort = effort;
  }

  /** The present revision. */
  get now(): number {
    return this.revision;
  }

  /** Another round of edits begins. */
  beginRound(): void {
    this.round++;
  }

  /** For sources: whether something that counts as being edited until then still does. */
  isHot(hotUntil: number): boolean {
    return hotUntil >= this.round;
  }

  /** For answers: whether an input that was not being edited has changed since a revision. */
  hasColdChange(since: number): boolean {
    return this.coldChange > since;
  }

  /** Whether something is being computed: else a read leaves no trace. */
  get isRecording(): boolean {
    return this.run !== null;
  }

  /** How many answers were computed so far: tests and benchmarks look at what an edit costs. */
  get computations(): number {
    return this.runs;
  }

  /** An input: something from outside that changes when it is told to. */
  input<T>(value: T): Input<T> {
    return new Input(this, value);
  }

  /**
   * Answers by key, computed on the first question.
   * @param equal whether a new answer is as good as the old one, so that its readers stay as they are
   */
  memo<K, V>(compute: (key: K) => V, equal: (a: V, b: V) => boolean = Object.is): Memo<K, V> {
    return new Memo(this, compute, equal);
  }

  /** Reads something that nobody should depend on. */
  untracked<T>(make: () => T): T {
    const outer = this.run;
    this.run = null;
    try {
      return make();
    } finally {
      this.run = outer;
    }
  }

  /** For sources: notes that they are read. */
  note(source: Source): void {
    this.effort.spend();
    const { run } = this;
    if (run === null || source.reader === run.id) return;
    source.reader = run.id;
    run.sources.push(source);
  }

  /** For inputs: begins another revision. @returns until when the input counts as being edited */
  advance(hotUntil: number): number {
    if (this.run !== null) throw new Error('an input changed while an answer was computed');
    this.revision++;
    if (!this.isHot(hotUntil)) this.coldChange = this.revision;
    return this.round + hotRounds;
  }

  /** For answers: computes, and says what was read. */
  record<T>(compute: () => T): { readonly value: T; readonly sources: readonly Source[] } {
    const outer = this.run;
    const run: Run = { id: ++this.runs, sources: [] };
    this.run = run;
    try {
      // A list that has grown keeps room for more.
      const value = compute();
      return { value, sources: run.sources.slice() };
    } finally {
      this.run = outer;
    }
  }
}

/** An input of the world. */
export class Input<T> implements Source {
  changed: number;
  hotUntil = -1;
  reader = 0;
  private readonly queries: Queries;
  private current: T;

  constructor(queries: Queries, value: T) {
    this.queries = queries;
    this.current = value;
    this.changed = queries.now;
  }

  /** The value; the computation that asks depends on it from now on. */
  get(): T {
    this.queries.note(this);
    return this.current;
  }

  /** The value, for those who keep the inputs. */
  peek(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    this.touch();
  }

  /** It is another one now, whatever its value: for inputs that stand for something kept elsewhere. */
  touch(): void {
    this.hotUntil = this.queries.advance(this.hotUntil);
    this.changed = this.queries.now;
  }

  refresh(): void {}
}

/** Answers to one kind of question, by key. */
export class Memo<K, V> {
  readonly queries: Queries;
  readonly compute: (key: K) => V;
  readonly equal: (a: V, b: V) => boolean;
  /** Answers about an object go with it. */
  private readonly byObject = new WeakMap<object, Answer<K, V>>();
  private readonly byValue = new Map<K, Answer<K, V>>();

  constructor(queries: Queries, compute: (key: K) => V, equal: (a: V, b: V) => boolean) {
    this.queries = queries;
    this.compute = compute;
    this.equal = equal;
  }

  /** @throws Error when the answer is asked for while it is computed */
  get(key: K): V {
    const isObject = typeof key === 'object' && key !== null;
    const known = isObject ? this.byObject.get(key) : this.byValue.get(key);
    if (known !== undefined) return known.get();
    const answer = new Answer(this, key);
    if (isObject) this.byObject.set(key, answer);
    else this.byValue.set(key, answer);
    return answer.get();
  }
}

/** One answer with what it read. There are many: each keeps as little as it can. */
class Answer<K, V> implements Source {
  changed = 0;
  hotUntil = -1;
  reader = 0;
  private readonly memo: Memo<K, V>;
  private readonly key: K;
  /** Undefined until it has been computed. */
  private value: V | undefined = undefined;
  /** What was read for it, null until then. */
  private sources: readonly Source[] | null = null;
  /** The revision for which what is kept is known to hold. */
  private verified = 0;
  /** Nothing that it rests on was being edited then. */
  private settled = false;
  private running = false;

  constructor(memo: Memo<K, V>, key: K) {
    this.memo = memo;
    this.key = key;
  }

  get(): V {
    this.refresh();
    this.memo.queries.note(this);
    // `refresh` has filled it in.
    return this.value as V;
  }

  refresh(): void {
    const { now } = this.memo.queries;
    if (this.verified === now) return;
    if (this.sources !== null && this.isUntouched()) {
      this.verified = now;
      return;
    }
    if (this.running) throw new Error('an answer was asked for while it was computed');
    this.running = true;
    try {
      if (this.sources === null || this.isStale(this.sources)) this.recompute();
      this.verified = now;
    } finally {
      this.running = false;
    }
  }

  /** Notes how hot it is now: in later rounds that could not be told, as a hot input changes without a word. */
  private rest(hotUntil: number): void {
    this.hotUntil = hotUntil;
    this.settled = !this.memo.queries.isHot(hotUntil);
  }

  /** Whether nothing that it rests on can have changed. */
  private isUntouched(): boolean {
    return this.settled && !this.memo.queries.hasColdChange(this.verified);
  }

  /** In the order in which they were read: what a first one decided, a later one need not hold any more. */
  private isStale(sources: readonly Source[]): boolean {
    let hotUntil = -1;
    for (const source of sources) {
      source.refresh();
      if (source.changed > this.verified) return true;
      if (source.hotUntil > hotUntil) hotUntil = source.hotUntil;
    }
    this.rest(hotUntil);
    return false;
  }

  private recompute(): void {
    const { queries, compute, equal } = this.memo;
    const { value, sources } = queries.record(() => compute(this.key));
    const same = this.sources !== null && equal(this.value as V, value);
    this.sources = sources;
    if (!same) {
      this.value = value;
      this.changed = queries.now;
    }
    let hotUntil = -1;
    for (const source of sources) if (source.hotUntil > hotUntil) hotUntil = source.hotUntil;
    this.rest(hotUntil);
  }
}
