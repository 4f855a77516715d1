/**
 * The memo engine: what was computed is kept with what it read, and is computed again only when
 * something that it read has changed. As in salsa, an input carries the revision of its last change,
 * and an answer that came out equal does not make its readers stale.
 *
 * Reads are recorded by being made: whoever reads an input or another answer while it is computed
 * depends on it. A computation must be a function of what it reads and of nothing else.
 */

/** Something that can be read: an input, or an answer. */
interface Source {
  /** The revision in which it last became another one. */
  readonly changed: number;
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

/** One world of inputs and answers. Not shared between modules. */
export class Queries {
  /** Counts the changes of inputs. */
  private revision = 1;
  private runs = 0;
  private run: Run | null = null;

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
    const { run } = this;
    if (run === null || source.reader === run.id) return;
    source.reader = run.id;
    run.sources.push(source);
  }

  /** For inputs: begins another revision. */
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
      return { value: compute(), sources: run.sources };
    } finally {
      this.run = outer;
    }
  }
}

/** An input of the world. */
export class Input<T> implements Source {
  changed: number;
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
    this.changed = this.queries.advance();
  }

  refresh(): void {}
}

/** Answers to one kind of question, by key. */
export class Memo<K, V> {
  private readonly queries: Queries;
  private readonly compute: (key: K) => V;
  private readonly equal: (a: V, b: V) => boolean;
  /** Answers about an object go with it. */
  private readonly byObject = new WeakMap<object, Answer<V>>();
  private readonly byValue = new Map<K, Answer<V>>();

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
    const answer = new Answer(this.queries, () => this.compute(key), this.equal);
    if (isObject) this.byObject.set(key, answer);
    else this.byValue.set(key, answer);
    return answer.get();
  }
}

/** One answer with what it read. */
class Answer<V> implements Source {
  changed = 0;
  reader = 0;
  private readonly queries: Queries;
  private readonly compute: () => V;
  private readonly equal: (a: V, b: V) => boolean;
  private kept: { readonly value: V; readonly sources: readonly Source[] } | null = null;
  /** The revision for which what is kept is known to hold. */
  private verified = 0;
  private running = false;

  constructor(queries: Queries, compute: () => V, equal: (a: V, b: V) => boolean) {
    this.queries = queries;
    this.compute = compute;
    this.equal = equal;
  }

  get(): V {
    this.refresh();
    this.queries.note(this);
    // `refresh` has filled it in.
    return (this.kept as { readonly value: V }).value;
  }

  refresh(): void {
    const { now } = this.queries;
    if (this.verified === now) return;
    if (this.running) throw new Error('an answer was asked for while it was computed');
    this.running = true;
    try {
      if (this.kept === null || this.isStale(this.kept.sources)) this.recompute();
      this.verified = now;
    } finally {
      this.running = false;
    }
  }

  /** In the order in which they were read: what a first one decided, a later one need not hold any more. */
  private isStale(sources: readonly Source[]): boolean {
    for (const source of sources) {
      source.refresh();
      if (source.changed > this.verified) return true;
    }
    return false;
  }

  private recompute(): void {
    const made = this.queries.record(this.compute);
    const same = this.kept !== null && this.equal(this.kept.value, made.value);
    this.kept = same && this.kept ? { value: this.kept.value, sources: made.sources } : made;
    if (!same) this.changed = this.queries.now;
  }
}
