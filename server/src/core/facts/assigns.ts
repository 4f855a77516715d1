/** The assignments of a function by what they write, by what they read, and by the call whose result they keep. */
import { push } from '../push.ts';
import type { AssignFact, CallFact, Value } from './types.ts';

const none: readonly AssignFact[] = [];

/** Made with a function's facts; each list is found when somebody asks, once. */
export class Assigns {
  readonly #all: readonly AssignFact[];
  readonly #calls: readonly CallFact[];
  #to: ReadonlyMap<string, readonly AssignFact[]> | null = null;
  #from: ReadonlyMap<string, readonly AssignFact[]> | null = null;
  #ofCall: ReadonlyMap<number, readonly AssignFact[]> | null = null;
  #numbers: ReadonlyMap<CallFact, number> | null = null;

  constructor(all: readonly AssignFact[], calls: readonly CallFact[]) {
    this.#all = all;
    this.#calls = calls;
  }

  /** Those that write a variable itself, in the order of the source. */
  to(name: string): readonly AssignFact[] {
    this.#to ??= grouped(this.#all, ({ target: { root, steps, address } }) =>
      steps.length === 0 && address === 0 ? root : undefined,
    );
    return this.#to.get(name) ?? none;
  }

  /** Those whose value is a path from a variable; of several that it can be, the first. */
  from(name: string): readonly AssignFact[] {
    this.#from ??= grouped(this.#all, ({ value }) => rootOf(value));
    return this.#from.get(name) ?? none;
  }

  /** Those that keep the result of a call, by the call's number. */
  ofCall(call: number): readonly AssignFact[] {
    this.#ofCall ??= grouped(this.#all, ({ value }) =>
      value.kind === 'call' ? value.call : undefined,
    );
    return this.#ofCall.get(call) ?? none;
  }

  /** The number of a call in its function, -1 for one of another function. */
  numberOf(call: CallFact): number {
    this.#numbers ??= new Map(this.#calls.map((one, i) => [one, i]));
    return this.#numbers.get(call) ?? -1;
  }
}

function rootOf(value: Value): string | undefined {
  if (value.kind === 'path') return value.root;
  if (value.kind !== 'choice') return undefined;
  for (const one of value.of) {
    const root = rootOf(one);
    if (root !== undefined) return root;
  }
  return undefined;
}

function grouped<K>(
  all: readonly AssignFact[],
  keyOf: (one: AssignFact) => K | undefined,
): ReadonlyMap<K, readonly AssignFact[]> {
  const found = new Map<K, AssignFact[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === undefined) continue;
    push(found, key, one);
  }
  return found;
}
