/** Whether two changes of one function are the same, whatever else one of them does. Pure. */
import { diffArrays } from 'diff';

/** Words, numbers, strings and single signs; comments and space do not count. */
export function tokensOf(text: string): string[] {
  const bare = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ');
  return bare.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\w+|->|[^\s\w]/g) ?? [];
}

/** The indexes of the tokens of `from` that `to` does not have at that place. */
function lost(from: readonly string[], to: readonly string[]): Set<number> {
  const out = new Set<number>();
  let at = 0;
  for (const { count = 0, added, removed } of diffArrays([...from], [...to])) {
    if (added) continue;
    if (removed) for (let i = at; i < at + count; i++) out.add(i);
    at += count;
  }
  return out;
}

export interface Comparison {
  /** Tokens that we put in, and how many of them upstream's text has there too. */
  readonly put: number;
  readonly putToo: number;
  /** Tokens that we take out, and how many of them upstream's text has no more. */
  readonly taken: number;
  readonly takenToo: number;
  /** What we put in and upstream has not, as text. */
  readonly other: string;
}

/** Compares our change of `before` with upstream's. */
export function compareChanges(before: string, ours: string, upstream: string): Comparison {
  const [old, fixed, after] = [before, ours, upstream].map(tokensOf) as [
    string[],
    string[],
    string[],
  ];
  const put = lost(fixed, old);
  const notThere = lost(fixed, after);
  const taken = lost(old, fixed);
  const gone = lost(old, after);
  const other = [...put].filter((i) => notThere.has(i));
  return {
    put: put.size,
    putToo: put.size - other.length,
    taken: taken.size,
    takenToo: [...taken].filter((i) => gone.has(i)).length,
    other: other.map((i) => fixed[i] ?? '').join(' '),
  };
}

export function agrees({ put, putToo, taken, takenToo }: Comparison): boolean {
  return put === putToo && taken === takenToo;
}
