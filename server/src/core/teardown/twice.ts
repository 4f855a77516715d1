/** What one timeline gives back twice: by hand and by an action, or by two error ways. */

import type { Pass, Question } from '../pass.ts';
import { entriesOf, type TableFunction } from '../program/entries.ts';
import { push } from '../push.ts';
import { areNone } from '../queries/same.ts';
import type { Timeline } from '../result.ts';
import type { Course } from './course.ts';
import type { Site } from './loops.ts';
import { EntryParts } from './parts.ts';
import { failingCourses, unbindCourse } from './timelines.ts';
import { Tracer } from './trace.ts';
import { nameOf } from './twice/apart.ts';
import { type Ending, Endings } from './twice/endings.ts';
import { PossiblePairs } from './twice/possible-pairs.ts';
import { isTwice, keyOfEnding } from './twice/same-end.ts';

export interface EndedTwice {
  readonly first: Ending;
  readonly second: Ending;
  readonly timelines: readonly Timeline[];
  /** The step of probe that fails, on that timeline. */
  readonly failing: Site | undefined;
}

/** Every pair of functions of the module that end the same object on one timeline, once. */
export const endedTwice: Question<null, readonly EndedTwice[]> = {
  answer: (pass) => {
    const found = new Map<string, EndedTwice>();
    for (const { start } of entriesOf(pass.tableFunctions)) {
      for (const one of pass.ask(twiceFrom, start)) {
        const name = nameOf(one.first, one.second);
        if (!found.has(name)) found.set(name, one);
      }
    }
    return [...found.values()];
  },
  equal: areNone,
};

/** The same of one probe or bind. */
const twiceFrom: Question<TableFunction, readonly EndedTwice[]> = {
  answer: findFrom,
  equal: areNone,
};

function findFrom(pass: Pass, start: TableFunction): EndedTwice[] {
  const entry = entriesOf(pass.tableFunctions).find((one) => one.start === start);
  if (!entry) return [];
  const parts = new EntryParts(pass, new Tracer(pass, true), entry);
  const gives = new Endings(parts);
  const found = new Map<string, EndedTwice>();
  const note = (course: Course, timelines: readonly Timeline[], failing: Site | undefined) => {
    for (const [first, second] of pairsOf(pass, gives, course)) {
      const name = nameOf(first, second);
      if (!found.has(name)) found.set(name, { first, second, timelines, failing });
    }
  };
  note(unbindCourse(parts, false, true), ['unbind', 'unplug-open'], undefined);
  const possible = new PossiblePairs(parts, gives);
  for (const { failing, rungs, course } of failingCourses(parts))
    if (possible.on(rungs).some((name) => !found.has(name)))
      note(course(), ['probe-fail'], failing);
  return [...found.values()];
}

function pairsOf(pass: Pass, gives: Endings, { events }: Course): [Ending, Ending][] {
  const out: [Ending, Ending][] = [];
  const before = new Map<string, Ending[]>();
  for (const event of events) {
    const ended = gives.of(event);
    for (const second of ended) {
      const others = before.get(keyOfEnding(second)) ?? [];
      pass.program.queries.effort.spend(others.length);
      for (const first of others) if (isTwice(pass, first, second)) out.push([first, second]);
    }
    // What one callback does twice is told where it is run by hand, too.
    for (const one of ended) {
      push(before, keyOfEnding(one), one);
    }
  }
  return out;
}
