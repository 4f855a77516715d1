/** The timelines of an entry, each a course of its own (docs/semantics.md). */
import type { ProbeFailure, TeardownStep } from '../result.ts';
import { Course } from './course.ts';
import { givenToActions } from './given.ts';
import { failingAfter, isHeard, type Rung, rungsFrom, unheardIn } from './ladder.ts';
import { type Site, stretchesTo, turnBefore } from './loops.ts';
import type { EntryParts } from './parts.ts';
import { isTaken } from './steps.ts';
import type { TracedCall } from './trace.ts';

/** The course of unbind; with `holds`, user space has a file open until the end. */
export function unbindCourse(parts: EntryParts, holds: boolean, silent = false): Course {
  const course = new Course(parts, holds, silent, parts.staysRegistered);
  course.enter(parts.way.traced);
  const { removal } = parts;
  if (removal) {
    course.steps.push(removal.step);
    course.act(removal.trace, 'remove');
  }
  course.finish(parts.entry.start);
  return course;
}

/** What the entry takes, in that order. */
export function takenBy({ pass, way }: EntryParts): TracedCall[] {
  const isGiven = givenToActions(pass, way.traced);
  return way.traced.filter((one) => isTaken(one.traceEvent) && !isGiven(one));
}

/**
 * One failure for each thing that is taken, then those that these do not stand for: the registration of
 * the drm_device, and the first step of a loop's next turn. The steps of each are computed when read.
 */
export function probeFailures(parts: EntryParts): ProbeFailure[] {
  const taken = takenBy(parts);
  const after = taken.filter(canFailBehind(parts, taken)).map((traced) => {
    const fails = resets(traced) && isHeard(parts.pass.catalog.flows, traced.frame);
    const failing = fails ? lazy(() => failedIn(parts, traced).steps) : () => null;
    return failure(
      parts.steps.of(traced),
      lazy(() => failedAfter(parts, traced).steps),
      failing,
      undefined,
    );
  });
  const registering = parts.way.traced.flatMap((traced) => {
    const { traceEvent } = traced;
    const last =
      traceEvent.does === 'milestone' && traceEvent.milestone.role === 'register'
        ? lastBefore(parts, taken, traced)
        : undefined;
    return last
      ? [
          failure(
            parts.steps.of(last),
            lazy(() => failedIn(parts, traced).steps),
            () => null,
            traced.call.callee,
          ),
        ]
      : [];
  });
  const turns = taken.flatMap((traced) => {
    const last = turnBefore(taken, traced);
    return last
      ? [
          failure(
            parts.steps.of(last),
            lazy(() => failedIn(parts, traced).steps),
            () => null,
            traced.call.callee,
          ),
        ]
      : [];
  });
  return [...after, ...registering, ...turns];
}

/** Where a failure is not heard, only the last that was taken can be followed by one of probe. */
function canFailBehind(
  { pass }: EntryParts,
  taken: readonly TracedCall[],
): (traced: TracedCall, at: number) => boolean {
  const { flows } = pass.catalog;
  return ({ frame }, at) => {
    const unheard = unheardIn(flows, frame);
    const next = taken[at + 1];
    return !unheard || !next || unheardIn(flows, next.frame) !== unheard;
  };
}

function failure(
  { id, action }: TeardownStep,
  steps: () => readonly TeardownStep[],
  failing: () => readonly TeardownStep[] | null,
  at: string | undefined,
): ProbeFailure {
  return {
    after: action,
    behind: id,
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
  taken: readonly TracedCall[],
  traced: TracedCall,
): TracedCall | undefined {
  const at = way.traced.indexOf(traced);
  const last = taken.findLast((one) => way.traced.indexOf(one) < at);
  if (!last) return undefined;
  const between = way.traced
    .slice(way.traced.indexOf(last) + 1, at)
    .some(({ traceEvent }) => traceEvent.does === 'end-early' || traceEvent.does === 'group');
  return between || failingAfter(pass.catalog.flows, last)?.call !== traced.call ? last : undefined;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function resets({ traceEvent }: TracedCall): boolean {
  return traceEvent.does === 'acquire' && traceEvent.api.orReset === true;
}

/** Probe fails in the step after `traced`. */
function failedAfter(parts: EntryParts, traced: TracedCall, silent = false): Course {
  const next = failingAfter(parts.pass.catalog.flows, traced);
  const course = begun(parts, traced, true, next, silent);
  return unwound(
    parts,
    course,
    next ? rungsFrom(parts.pass.catalog.flows, next.frame, next.call) : [],
  );
}

/** The call itself fails: an `_or_reset` action that cannot be registered runs at once. */
function failedIn(parts: EntryParts, traced: TracedCall, silent = false): Course {
  const course = begun(parts, traced, false, traced, silent);
  if (resets(traced)) course.runUnregistered(traced);
  return unwound(parts, course, rungsFrom(parts.pass.catalog.flows, traced.frame, traced.call));
}

function begun(
  parts: EntryParts,
  traced: TracedCall,
  included: boolean,
  failing: Site | undefined,
  silent: boolean,
): Course {
  const { way } = parts;
  const at = way.traced.indexOf(traced);
  const [straight, ...turns] = stretchesTo(way.traced, at, included, failing);
  const course = parts.entered(straight?.traced.length ?? 0, silent);
  for (const stretch of turns) course.enter(stretch.traced, stretch.earlier);
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
  const registering = new Set(parts.way.traced.filter(resets).map(({ call }) => call));
  const seen = new Set<Site['call']>();
  const unwinding = ({ frame, call }: Site) => {
    const rungs = rungsFrom(flows, frame, call);
    return rungs.some(({ calls }) => calls.length > 0) ? rungs : undefined;
  };
  for (const traced of parts.way.traced) {
    const registers =
      traced.traceEvent.does === 'milestone' && traced.traceEvent.milestone.role === 'register';
    if (!isTaken(traced.traceEvent) && !registers) continue;
    const { does } = traced.traceEvent;
    const own =
      (registers || resets(traced) || does === 'take') && !seen.has(traced.call)
        ? unwinding(traced)
        : undefined;
    if (own) {
      seen.add(traced.call);
      yield { failing: traced, rungs: own, course: () => failedIn(parts, traced, true) };
    }
    const next = failingAfter(flows, traced);
    const ways =
      next && !seen.has(next.call) && !registering.has(next.call) ? unwinding(next) : undefined;
    if (!next || !ways) continue;
    seen.add(next.call);
    yield { failing: next, rungs: ways, course: () => failedAfter(parts, traced, true) };
  }
}
