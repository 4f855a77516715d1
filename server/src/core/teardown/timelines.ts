/** The timelines of an entry, each a course of its own (docs/semantics.md). */
import type { ProbeFailure, TeardownStep } from '../result.ts';
import { Course } from './course.ts';
import { isGivenToAction } from './given.ts';
import { failingAfter, type Rung, rungsFrom } from './ladder.ts';
import { type Site, stretchesTo, turnBefore } from './loops.ts';
import type { EntryParts } from './parts.ts';
import { isTaken } from './steps.ts';
import type { Deeds } from './trace.ts';

/** Unbind; with `holds`, user space has a file open until the end. */
export function unbind(parts: EntryParts, holds: boolean): TeardownStep[] {
  return unbindCourse(parts, holds).steps;
}

/** The course of unbind, with what runs on it. */
export function unbindCourse(parts: EntryParts, holds: boolean, silent = false): Course {
  const course = new Course(parts, holds, silent);
  course.enter(parts.way.deeds);
  const { removal } = parts;
  if (removal) {
    course.steps.push(removal.step);
    course.act(removal.trace, 'remove');
  }
  course.finish(parts.entry.start);
  return course;
}

/** What the entry takes, in that order. */
export function takenBy({ pass, way }: EntryParts): Deeds[] {
  return way.deeds.filter((one) => isTaken(one.deed) && !isGivenToAction(pass, one, way.deeds));
}

/**
 * One failure for each thing that is taken, then those that these do not stand for: the registration of
 * the drm_device, and the first step of a loop's next turn. The steps of each are computed when read.
 */
export function probeFailures(parts: EntryParts): ProbeFailure[] {
  const taken = takenBy(parts);
  const after = taken.map((deeds) => {
    const failing = resets(deeds) ? lazy(() => failedIn(parts, deeds).steps) : () => null;
    return failure(
      parts.steps.of(deeds).action,
      lazy(() => failedAfter(parts, deeds).steps),
      failing,
      undefined,
    );
  });
  const registering = parts.way.deeds.flatMap((deeds) => {
    const { deed } = deeds;
    const last =
      deed.does === 'milestone' && deed.milestone.role === 'register'
        ? lastBefore(parts, taken, deeds)
        : undefined;
    return last
      ? [
          failure(
            parts.steps.of(last).action,
            lazy(() => failedIn(parts, deeds).steps),
            () => null,
            deeds.call.callee,
          ),
        ]
      : [];
  });
  const turns = taken.flatMap((deeds) => {
    const last = turnBefore(taken, deeds);
    return last
      ? [
          failure(
            parts.steps.of(last).action,
            lazy(() => failedIn(parts, deeds).steps),
            () => null,
            deeds.call.callee,
          ),
        ]
      : [];
  });
  return [...after, ...registering, ...turns];
}

function failure(
  after: string,
  steps: () => readonly TeardownStep[],
  failing: () => readonly TeardownStep[] | null,
  at: string | undefined,
): ProbeFailure {
  return {
    after,
    ...(at === undefined ? {} : { at }),
    get steps() {
      return steps();
    },
    get failing() {
      return failing();
    },
  };
}

/** The last thing taken before a call, when the failure right after it is not that of the call. */
function lastBefore(
  { pass, way }: EntryParts,
  taken: readonly Deeds[],
  deeds: Deeds,
): Deeds | undefined {
  const at = way.deeds.indexOf(deeds);
  const last = taken.findLast((one) => way.deeds.indexOf(one) < at);
  if (!last) return undefined;
  const between = way.deeds
    .slice(way.deeds.indexOf(last) + 1, at)
    .some(({ deed }) => deed.does === 'end-early' || deed.does === 'group');
  return between || failingAfter(pass.catalog.flows, last)?.call !== deeds.call ? last : undefined;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function resets({ deed }: Deeds): boolean {
  return deed.does === 'acquire' && deed.api.orReset === true;
}

/** Probe fails in the step after `deeds`. */
function failedAfter(parts: EntryParts, deeds: Deeds, silent = false): Course {
  const next = failingAfter(parts.pass.catalog.flows, deeds);
  const course = begun(parts, deeds, true, next, silent);
  return unwound(
    parts,
    course,
    next ? rungsFrom(parts.pass.catalog.flows, next.frame, next.call) : [],
  );
}

/** The call itself fails: an `_or_reset` action that cannot be registered runs at once. */
function failedIn(parts: EntryParts, deeds: Deeds, silent = false): Course {
  const course = begun(parts, deeds, false, deeds, silent);
  if (resets(deeds)) course.runUnregistered(deeds);
  return unwound(parts, course, rungsFrom(parts.pass.catalog.flows, deeds.frame, deeds.call));
}

function begun(
  parts: EntryParts,
  deeds: Deeds,
  included: boolean,
  failing: Site | undefined,
  silent: boolean,
): Course {
  const course = new Course(parts, false, silent);
  const { way } = parts;
  for (const stretch of stretchesTo(way.deeds, way.deeds.indexOf(deeds), included, failing))
    course.enter(stretch.deeds, stretch.earlier);
  return course;
}

function unwound(parts: EntryParts, course: Course, rungs: readonly Rung[]): Course {
  for (const rung of rungs) {
    const { frame } = rung;
    course.act(parts.traceLadder(rung), 'manual');
    if (frame.group !== null && frame.parent !== null) course.failBind(frame);
  }
  course.finish(parts.entry.start, true);
  return course;
}

/** One way in which probe fails and gives back by hand, or by an action that ran as it could not be registered. */
export interface FailingCourse {
  /** The call that fails. */
  readonly failing: Site;
  /** The error ways from there. */
  readonly rungs: readonly Rung[];
  /** What happens then; an action that could not be registered is run first. */
  course(): Course;
}

/** The failures of probe that an error way answers: where the lists alone are released, nothing is ended twice. */
export function* failingCourses(parts: EntryParts): Generator<FailingCourse> {
  const { flows } = parts.pass.catalog;
  const registering = new Set(parts.way.deeds.filter(resets).map(({ call }) => call));
  const seen = new Set<Site['call']>();
  const unwinding = ({ frame, call }: Site) => {
    const rungs = rungsFrom(flows, frame, call);
    return rungs.some(({ calls }) => calls.length > 0) ? rungs : undefined;
  };
  for (const deeds of parts.way.deeds) {
    const registers = deeds.deed.does === 'milestone' && deeds.deed.milestone.role === 'register';
    if (!isTaken(deeds.deed) && !registers) continue;
    const own =
      (registers || resets(deeds)) && !seen.has(deeds.call) ? unwinding(deeds) : undefined;
    if (own) {
      seen.add(deeds.call);
      yield { failing: deeds, rungs: own, course: () => failedIn(parts, deeds, true) };
    }
    const next = failingAfter(flows, deeds);
    const ways =
      next && !seen.has(next.call) && !registering.has(next.call) ? unwinding(next) : undefined;
    if (!next || !ways) continue;
    seen.add(next.call);
    yield { failing: next, rungs: ways, course: () => failedAfter(parts, deeds, true) };
  }
}
