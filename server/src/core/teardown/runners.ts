/**
 * What the kernel runs by itself between probe and the end: interrupt handlers, work items and timers, and what
 * open files call. Each has a first moment and, on the timelines of unbind, the step after which it cannot run.
 */
import type { Pass } from '../pass.ts';
import { namePlace } from '../places.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { MemberKey } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { keysOf, shareMember, stopsOf } from '../program/stops.ts';
import { type Worker, workersIn } from '../program/workers.ts';
import type { Runner } from '../result.ts';
import type { Course } from './course.ts';
import type { EntryParts } from './parts.ts';
import type { TracedCall } from './trace.ts';

/** What stops a worker: to destroy its queue does, too. */
const stopping = new Set(['work', 'workqueue', 'timer']);

/** The courses of unbind, without and with an open file. */
export interface UnbindCourses {
  readonly unbind: Course;
  readonly 'unplug-open': Course;
}

type Until = Runner['until'];

/** A runner, and the function that it is. */
export interface Running {
  readonly runner: Runner;
  readonly fn: FunctionRef;
}

/** The runners of an entry, by kind. */
export function runnersOf(parts: EntryParts, courses: UnbindCourses): readonly Running[] {
  return [
    ...interruptsOf(parts, courses),
    ...workersOf(parts, courses),
    ...openFilesOf(parts, courses),
  ];
}

function eachCourse(courses: UnbindCourses, until: (course: Course) => number | null): Until {
  return { unbind: until(courses.unbind), 'unplug-open': until(courses['unplug-open']) };
}

/** Where a step gives back what was taken under an id. */
function endOf({ steps }: Course, id: string): number | null {
  const at = steps.findIndex((step) => step.id === id || step.ends?.includes(id) === true);
  return at < 0 ? null : at;
}

function interruptsOf({ pass, way, steps }: EntryParts, courses: UnbindCourses): Running[] {
  const requests = new Map(
    pass.catalog.data.interrupts
      .filter(({ does }) => does === 'request')
      .map((one) => [one.name, one]),
  );
  const seen = new Set<string>();
  return way.traced.flatMap((traced): Running[] => {
    const { call, frame, traceEvent } = traced;
    const api = requests.get(call.callee);
    if (!api || (traceEvent.does !== 'take' && traceEvent.does !== 'acquire')) return [];
    const { id } = steps.of(traced);
    return (api.handlers ?? []).flatMap((index) => {
      const given = call.args[index];
      const handlers = given ? pass.graph.handedAs(frame.fn, given.value) : [];
      return handlers.flatMap((fn): Running[] => {
        const key = `interrupt/${fn.name}/${id}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return [
          {
            fn,
            runner: {
              id: key,
              kind: 'interrupt',
              name: fn.name,
              what: 'interrupt handler',
              place: namePlace(fn),
              begins: id,
              until: eachCourse(courses, (course) => endOf(course, id)),
            },
          },
        ];
      });
    });
  });
}

function workersOf({ pass, entry, way, steps }: EntryParts, courses: UnbindCourses): Running[] {
  const workers = workersIn(pass);
  const stops = {
    unbind: stopsOn(pass, courses.unbind),
    'unplug-open': stopsOn(pass, courses['unplug-open']),
  };
  const seen = new Set<FunctionRef>();
  return workers.all.flatMap((worker): Running[] => {
    const { handler, init } = worker;
    if (seen.has(handler) || !workers.isStarted(worker)) return [];
    if (!pass.graph.isReachedFrom(init.caller, [entry.start.fn])) return [];
    seen.add(handler);
    const keys = [...worker.keys, ...workers.queuesOf(worker)];
    return [
      {
        fn: handler,
        runner: {
          id: `work/${handler.name}`,
          kind: 'work',
          name: handler.name,
          what: 'work item or timer',
          place: namePlace(handler),
          begins: lastTakenBefore(way.traced, worker, steps),
          until: {
            unbind: lastStop(stops.unbind, keys),
            'unplug-open': lastStop(stops['unplug-open'], keys),
          },
        },
      },
    ];
  });
}

/** The last thing that is taken before the function that sets the worker up, or in it. */
function lastTakenBefore(
  traced: readonly TracedCall[],
  { init }: Worker,
  steps: EntryParts['steps'],
): string | null {
  const taken = traced.filter(
    ({ traceEvent }) => traceEvent.does === 'take' || traceEvent.does === 'acquire',
  );
  const here = taken.find(
    ({ frame, call }) => frame.fn === init.caller && call.start > init.call.start,
  );
  const before = here ? taken[taken.indexOf(here) - 1] : undefined;
  const within = taken.findLast(({ frame }) => frame.fn === init.caller);
  const found = before ?? within;
  return found ? steps.of(found).id : null;
}

interface Stopping {
  readonly index: number;
  readonly keys: readonly (readonly MemberKey[])[];
}

/** What the steps of a course stop. */
function stopsOn(pass: Pass, { sources }: Course): readonly Stopping[] {
  return [...sources].map(([index, traced]) => ({ index, keys: stoppedBy(pass, traced) }));
}

/** The last step that stops what one of the members holds. */
function lastStop(stops: readonly Stopping[], keys: readonly MemberKey[]): number | null {
  if (keys.length === 0) return null;
  const found = stops.filter((one) => one.keys.some((own) => shareMember(own, keys)));
  return found.length === 0 ? null : Math.max(...found.map(({ index }) => index));
}

/** The members of what a step stops. */
function stoppedBy(pass: Pass, { frame, call, traceEvent }: TracedCall): (readonly MemberKey[])[] {
  if (traceEvent.does === 'release') {
    const { group, object } = traceEvent.release;
    return stopping.has(group) && object !== undefined
      ? [keysOf(pass.program, frame.fn, call, object)]
      : [];
  }
  const target = traceEvent.does === 'acquire' ? traceEvent.registration?.target : undefined;
  if (!target) return [];
  return stopsOf(pass, target)
    .filter(({ release }) => stopping.has(release.group))
    .map((one) => one.keys);
}

/** Ioctls go on until the device is taken from user space, what closes a file until the last close. */
function openFilesOf({ pass, way, steps }: EntryParts, courses: UnbindCourses): Running[] {
  const at = way.traced.findIndex(
    ({ traceEvent }) => traceEvent.does === 'milestone' && traceEvent.milestone.role === 'register',
  );
  if (at < 0) return [];
  const last = way.traced
    .slice(0, at)
    .findLast(({ traceEvent }) => traceEvent.does === 'take' || traceEvent.does === 'acquire');
  const begins = last ? steps.of(last).id : null;
  const ioctls = pass.tableFunctions.filter(
    ({ role, table }) =>
      role === 'open-file' && pass.catalog.ops.get(table.struct)?.elements !== undefined,
  );
  const [ioctl] = ioctls;
  const closing = lateUsersOf(pass)
    .rootsBut(undefined)
    .filter(({ when, isObject }) => when === 'close' && isObject !== true);
  const seen = new Set<FunctionRef>();
  return [
    ...(ioctl
      ? [
          {
            fn: ioctl.fn,
            runner: {
              id: 'open-file/ioctl',
              kind: 'open-file',
              name: ioctl.fn.name,
              what: ioctls.length === 1 ? 'ioctl' : `ioctl, and ${ioctls.length - 1} others`,
              place: namePlace(ioctl.fn),
              begins,
              until: eachCourse(courses, (course) => ioctlsUntil(course)),
            },
          } as const,
        ]
      : []),
    ...closing.flatMap(({ fn, what }): Running[] => {
      if (seen.has(fn)) return [];
      seen.add(fn);
      return [
        {
          fn,
          runner: {
            id: `open-file/${fn.name}`,
            kind: 'open-file',
            name: fn.name,
            what: `${what} of an open file`,
            place: namePlace(fn),
            begins,
            until: {
              unbind: ioctlsUntil(courses.unbind),
              'unplug-open': lastClose(courses['unplug-open']),
            },
          },
        },
      ];
    }),
  ];
}

/** drm_ioctl() refuses after unplug; where the device is only unregistered, open files go on. */
function ioctlsUntil(course: Course): number | null {
  const at = (role: string): number =>
    course.steps.findIndex(({ kind, scope }) => kind === role && scope === null);
  const unplug = at('unplug');
  return unplug < 0 ? lastClose(course) : unplug;
}

/** The first step of the last put: the file that was open is closed before it. */
function lastClose({ steps }: Course): number | null {
  const at = steps.findLastIndex(({ phase }) => phase === 'devm' || phase === 'remove');
  const put = steps.findIndex(
    ({ phase }, i) => i > at && (phase === 'drmm' || phase === 'release' || phase === 'last-put'),
  );
  return put < 0 ? null : put;
}
