/** What had been taken when a step fails inside loops: earlier turns went through the whole body. */

import type { Frame } from '../program/run-through.ts';
import type { TracedCall } from './trace.ts';

/** A part of the way in, in the order in which it stands on the lists. */
export interface Stretch {
  readonly traced: readonly TracedCall[];
  /** Turns of a loop that were over before. */
  readonly earlier: boolean;
}

/** A call on the way in. */
export type Site = Pick<TracedCall, 'frame' | 'call'>;

interface Loop {
  readonly frame: Frame;
  /** The context of the frame's function; -1 for a frame that the kernel repeats as a whole. */
  readonly context: number;
}

/**
 * The way in up to and with its `end`-th traceEvent, or without it.
 * @param failing the call that fails: only the loops around it have earlier turns
 */
export function stretchesTo(
  way: readonly TracedCall[],
  end: number,
  included: boolean,
  failing: Site | undefined,
): Stretch[] {
  const last = way[end];
  if (!last) return [{ traced: way.slice(0, end), earlier: false }];
  const out: Stretch[] = [];
  let start = 0;
  for (const loop of failing ? loopsAround(failing) : []) {
    if (!isIn(last, loop)) break;
    const first = way.findIndex((one, i) => i >= start && isIn(one, loop));
    if (first < 0) continue;
    out.push(
      { traced: way.slice(start, first), earlier: false },
      { traced: way.filter((one, i) => i >= first && isIn(one, loop)), earlier: true },
    );
    start = first;
  }
  out.push({ traced: way.slice(start, included ? end + 1 : end), earlier: false });
  return out;
}

/** What ends the turn before, for the first of the things that a loop takes; undefined for the others. */
export function turnBefore(taken: readonly TracedCall[], one: TracedCall): TracedCall | undefined {
  return loopsAround(one)
    .flatMap((loop) => {
      const inside = taken.filter((other) => isIn(other, loop));
      return inside[0] === one ? inside.slice(-1) : [];
    })
    .at(-1);
}

/** The outermost first. */
function loopsAround({ frame, call }: Site): Loop[] {
  const out: Loop[] = [];
  let from: { readonly call: typeof call | null; readonly turn?: boolean } = { call };
  for (let at: Frame | null = frame; at; at = at.parent) {
    const { contexts } = at.fn.facts;
    // The turns of a loop over a table differ: each is a stretch of its own already.
    let own = from.turn !== true;
    for (
      let context = from.call?.context ?? -1;
      context >= 0;
      context = contexts[context]?.parent ?? -1
    ) {
      if (contexts[context]?.kind !== 'loop') continue;
      if (own) out.push({ frame: at, context });
      own = true;
    }
    if (at.group !== null && at.parent) out.push({ frame: at, context: -1 });
    from = at;
  }
  return out.reverse();
}

function isIn({ frame, call }: TracedCall, loop: Loop): boolean {
  let inner = call;
  for (let at: Frame | null = frame; at; at = at.parent) {
    if (at === loop.frame) return loop.context < 0 || isAround(at, inner.context, loop.context);
    if (at.call) inner = at.call;
  }
  return false;
}

function isAround({ fn }: Frame, from: number, wanted: number): boolean {
  for (let at = from; at >= 0; at = fn.facts.contexts[at]?.parent ?? -1)
    if (at === wanted) return true;
  return false;
}
