/** What changes between two orders of the same timeline: gone, new, moved; the rest is counted. */
import type { TeardownStep } from '../result.ts';

/** A step that is not where it was; numbers count from 1. */
export interface ChangedStep {
  readonly kind: 'gone' | 'new' | 'moved';
  readonly step: TeardownStep;
  readonly before: number | null;
  readonly after: number | null;
}

/** Steps next to one another that stay as they are. */
export interface Unchanged {
  readonly kind: 'same';
  readonly count: number;
}

export type DiffRow = ChangedStep | Unchanged;

/** The rows in the order of the new list; what is gone stands where it stood. */
export function diffOf(
  before: readonly TeardownStep[],
  after: readonly TeardownStep[],
): readonly DiffRow[] {
  const [old, now] = [keysOf(before), keysOf(after)];
  const [oldPhased, nowPhased] = [withPhases(old, before), withPhases(now, after)];
  const kept = new Set(commonOf(oldPhased, nowPhased));
  const oldAt = new Map(old.map((key, i) => [key, i]));
  const nowAt = new Map(now.map((key, i) => [key, i]));
  const rows: DiffRow[] = [];
  const same = (): void => {
    const last = rows.at(-1);
    if (last?.kind === 'same') rows[rows.length - 1] = { kind: 'same', count: last.count + 1 };
    else rows.push({ kind: 'same', count: 1 });
  };
  let from = 0;
  const goneUpTo = (end: number): void => {
    for (; from < end; from++) {
      const key = old[from];
      const step = before[from];
      if (key !== undefined && step && !nowAt.has(key))
        rows.push({ kind: 'gone', step, before: from + 1, after: null });
    }
  };
  for (const [i, key] of now.entries()) {
    const step = after[i];
    if (!step) continue;
    const was = oldAt.get(key);
    if (kept.has(nowPhased[i] ?? '') && was !== undefined) {
      goneUpTo(was);
      from = was + 1;
      same();
    } else
      rows.push({
        kind: was === undefined ? 'new' : 'moved',
        step,
        before: was === undefined ? null : was + 1,
        after: i + 1,
      });
  }
  goneUpTo(old.length);
  return rows;
}

/** A step whose phase changes has moved, also where others go on before and after it. */
function withPhases(keys: readonly string[], steps: readonly TeardownStep[]): string[] {
  return keys.map((key, i) => `${key} ${steps[i]?.phase ?? ''}`);
}

/** Ids, told apart where one comes twice. */
function keysOf(steps: readonly TeardownStep[]): string[] {
  const seen = new Map<string, number>();
  return steps.map(({ id }) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return `${id}#${count}`;
  });
}

/** The longest list of keys that both have in the same order. */
function commonOf(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const out: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) {
      out.push(a[i] ?? '');
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  return out;
}
