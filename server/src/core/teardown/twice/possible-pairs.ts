/** Which pairs of endings the failures of probe could have at all. */

import type { Pass } from '../../pass.ts';
import type { Frame } from '../../program/run-through.ts';
import { push } from '../../push.ts';
import type { Rung } from '../ladder.ts';
import type { EntryParts } from '../parts.ts';
import type { Trace } from '../trace.ts';
import { nameOf } from './apart.ts';
import type { Ending, Endings } from './endings.ts';
import { isTwice, keyOfEnding } from './same-end.ts';

/**
 * Which pairs the failures of probe could end twice at all, each event taken to happen: what all courses
 * have in common is compared once, and the error ways of each failure with that.
 */
export class PossiblePairs {
  private readonly pass: Pass;
  private readonly parts: EntryParts;
  private readonly gives: Endings;
  /** What the lists and the last put end. */
  private readonly common: readonly Ending[];
  private readonly commonNames: readonly string[];
  private readonly byKey = new Map<string, Ending[]>();

  constructor(parts: EntryParts, gives: Endings) {
    this.pass = parts.pass;
    this.parts = parts;
    this.gives = gives;
    const { way, releaseTrace } = parts;
    const frames = new Set(way.traced.flatMap(({ frame }) => framesOf(frame)));
    const unbinds = [...frames].flatMap((frame) => {
      const unbind = frame.group === null ? undefined : parts.unbindOf(frame.fn);
      return unbind ? [unbind.trace] : [];
    });
    this.common = [
      ...this.callbacksIn(way),
      ...[...unbinds, ...(releaseTrace ? [releaseTrace] : [])].flatMap((one) => this.endedBy(one)),
    ];
    for (const one of this.common) {
      push(this.byKey, keyOfEnding(one), one);
    }
    this.commonNames = this.common.flatMap((one) => this.namesWith(one));
  }

  /** The names of the pairs that a failure with these error ways could have. */
  on(rungs: readonly Rung[]): readonly string[] {
    const own = rungs.flatMap((rung) => this.endedBy(this.parts.traceLadder(rung)));
    const ownByKey = new Map<string, Ending[]>();
    for (const one of own) push(ownByKey, keyOfEnding(one), one);
    return [
      ...this.commonNames,
      ...own.flatMap((one) => [
        ...this.namesWith(one),
        ...this.among(ownByKey.get(keyOfEnding(one)) ?? []).flatMap((other) =>
          this.nameIf(one, other),
        ),
      ]),
    ];
  }

  private among(others: readonly Ending[]): readonly Ending[] {
    this.pass.program.queries.effort.spend(others.length);
    return others;
  }

  private namesWith(one: Ending): string[] {
    const others = this.among(this.byKey.get(keyOfEnding(one)) ?? []);
    return others.flatMap((other) => [...this.nameIf(one, other), ...this.nameIf(other, one)]);
  }

  private nameIf(first: Ending, second: Ending): string[] {
    // One event may happen twice.
    const again = first === second ? { ...second, event: { ...second.event } } : second;
    return isTwice(this.pass, first, again) ? [nameOf(first, second)] : [];
  }

  /** What a way out ends: by its calls, and by what it registers meanwhile. */
  private endedBy(trace: Trace): Ending[] {
    const calls = trace.traced.flatMap((traced) => this.gives.of({ traced, runs: 'call' }));
    return [...calls, ...this.callbacksIn(trace)];
  }

  /** What the registrations of a way end, and what these register. */
  private callbacksIn(trace: Trace, depth = 0): Ending[] {
    return trace.traced.flatMap((traced) => {
      const { traceEvent } = traced;
      const target = traceEvent.does === 'acquire' ? traceEvent.registration?.target : undefined;
      if (!target) return [];
      const inner = this.parts.callback(target, traced.frame);
      return [
        ...this.gives.of({ traced, runs: 'callback' }),
        ...(depth < maximumNesting ? this.callbacksIn({ ...trace, traced: inner }, depth + 1) : []),
      ];
    });
  }
}

/** Callbacks that register callbacks. */
const maximumNesting = 4;

function framesOf(frame: Frame): Frame[] {
  const out: Frame[] = [];
  for (let at: Frame | null = frame; at; at = at.parent) out.push(at);
  return out;
}
