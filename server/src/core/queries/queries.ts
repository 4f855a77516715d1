/**
 * The memo engine: what was computed is kept with what it read, and is computed again only when
 * something that it read has changed. As in salsa, an input carries the revision of its last change,
 * and an answer that came out equal does not make its readers stale.
 *
 * Reads are recorded by being made: whoever reads an input or another answer while it is computed
 * depends on it. A computation must be a function of what it reads and of nothing else.
 */

import { Effort } from '../effort.ts';

/** Something that can be read: an input, or an answer. It knows the answers that rest on it. */
abstract class Source {
  /** The revision in which it last became another one. */
  changed = 0;
  /** The last run that recorded a read of it, so that a run lists it once. */
  reader = 0;
  /**
   * The revision in which it last told its readers that they may be stale: whoever read it before is not listed any
   * more.
   */
  told = 0;
  private readers: WeakRef<Source>[] = [];

  /** Brings it up to date; inputs always are. */
  abstract refresh(): void;

  /** Takes note that it may be stale. @returns whether that is news */
  protected abstract doubt(): boolean;

  /** Lists an answer that is up to date and has read it. */
  listen(reader: WeakRef<Source>): void {
    this.readers.push(reader);
  }

  /** Tells all answers that rest on it, in whatever number of steps, that they may be stale. */
  protected tell(revision: number): void {
    const pending: Source[] = [this];
    for (let at = pending.pop(); at; at = pending.pop()) {
      const { readers } = at;
      at.readers = [];
      at.told = revision;
      for (const one of readers) {
        const reader = one.deref();
        if (reader?.doubt()) pending.push(reader);
      }
    }
  }
}

/** One computation that is going on. */
interface Run {
  readonly id: number;
  readonly sources: Source[];
}

/**
 * One world of inputs and answers. Not shared between modules.
 *
 * An input that changes tells the answers that rest on it. All others stand without being looked at.
 */
export class Queries {
  /** What answers cost is counted here. */
  readonly effort: Effort;
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

  /** For inputs: begins another revision. @returns its number */
  advance(): number {
    if (this.run !== null) throw new Error('an input changed while an answer was computed');
    return ++this.revision;
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
export class Input<T> extends Source {
  private readonly queries: Queries;
  private current: T;

  constructor(queries: Queries, value: T) {
    super();
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
    this.changed = this.queries.advance();
    this.tell(this.changed);
  }

  refresh(): void {}

  protected doubt(): boolean {
    return false;
  }
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
class Answer<K, V> extends Source {
  private readonly memo: Memo<K, V>;
  private readonly key: K;
  /** Undefined until it has been computed. */
  private value: V | undefined = undefined;
  /** What was read for it, null until then. */
  private sources: readonly Source[] | null = null;
  /** How its sources know it: an answer that nobody can ask for any more is not kept by them. */
  private readonly self = new WeakRef<Source>(this);
  /** The revision for which what is kept is known to hold. */
  private verified = 0;
  /** It has been computed, and nothing that it rests on has changed since. */
  private stands = false;
  private running = false;

  constructor(memo: Memo<K, V>, key: K) {
    super();
    this.memo = memo;
    this.key = key;
  }

  get(): V {
    if (!this.stands) this.refresh();
    this.memo.queries.note(this);
    // `refresh` has filled it in.
    return this.value as V;
  }

  refresh(): void {
    if (this.stands) return;
    if (this.running) throw new Error('an answer was asked for while it was computed');
    this.running = true;
    try {
      if (this.sources === null || this.isStale(this.sources)) this.recompute();
      else this.listenTo(this.sources);
      this.verified = this.memo.queries.now;
      this.stands = true;
    } finally {
      this.running = false;
    }
  }

  protected doubt(): boolean {
    const isNews = this.stands;
    this.stands = false;
    return isNews;
  }

  /** In the order in which they were read: what a first one decided, a later one need not hold any more. */
  private isStale(sources: readonly Source[]): boolean {
    for (const source of sources) {
      source.refresh();
      if (source.changed > this.verified) return true;
    }
    return false;
  }

  /** Has those sources list it that have told it something since. */
  private listenTo(sources: readonly Source[]): void {
    for (const source of sources) if (source.told > this.verified) source.listen(this.self);
  }

  private recompute(): void {
    const { queries, compute, equal } = this.memo;
    const { value, sources } = queries.record(() => compute(this.key));
    const same = this.sources !== null && equal(this.value as V, value);
    this.listenAnew(sources);
    this.sources = sources;
    if (!same) {
      this.value = value;
      this.changed = queries.now;
    }
  }

  /** Has the new sources list it, but for those that do so already. */
  private listenAnew(sources: readonly Source[]): void {
    const listing = new Set(this.sources?.filter((source) => source.told <= this.verified));
    for (const source of sources) if (!listing.has(source)) source.listen(this.self);
  }
}
