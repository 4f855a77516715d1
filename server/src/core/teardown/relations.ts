/**
 * Who works with what: the steps and runners that use the thing of a step, and the things that running a step
 * uses. Asked for one step at a time, because it reads all that each callback leads to.
 */

import type { Pass } from '../pass.ts';
import { placeInside } from '../places.ts';
import type { MemberKey } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { type Use, usesIn } from '../program/uses.ts';
import type { Place } from '../result.ts';
import type { EntryParts } from './parts.ts';
import type { UnbindCourses } from './runners.ts';
import { takenBy } from './timelines.ts';

/** What is behind the steps of an entry, by their ids. */
export interface Behind {
  /** The members that hold what a step gives back. */
  readonly objects: ReadonlyMap<string, readonly MemberKey[]>;
  /** The function that runs at a step. */
  readonly callbacks: ReadonlyMap<string, FunctionRef>;
}

/** One use: of the thing of `id`, or by what runs at it. */
export interface Relation {
  readonly id: string;
  /** The call that works with it. */
  readonly place: Place;
  readonly function: string;
  readonly conditional: boolean;
}

/** Read once the courses have run: they find the objects. */
export function behindOf(parts: EntryParts, courses: UnbindCourses): Behind {
  const objects = new Map<string, readonly MemberKey[]>();
  const callbacks = new Map<string, FunctionRef>();
  for (const traced of takenBy(parts)) {
    const { id } = parts.steps.of(traced);
    const { traceEvent } = traced;
    const keys = parts.objects.get(traceEvent)?.keys ?? [];
    if (keys.length > 0) objects.set(id, keys);
    const target = traceEvent.does === 'acquire' ? traceEvent.registration?.target : undefined;
    if (target) callbacks.set(id, target);
  }
  for (const { steps, sources } of [courses.unbind, courses['unplug-open']])
    for (const [index, { traceEvent }] of sources) {
      const id = steps[index]?.id;
      if (id !== undefined && traceEvent.does === 'enter') callbacks.set(id, traceEvent.target);
    }
  return { objects, callbacks };
}

/** Who uses the thing of a step when it runs. */
export function dependentsOn(
  pass: Pass,
  { objects, callbacks }: Behind,
  runners: ReadonlyMap<string, FunctionRef>,
  step: string,
): readonly Relation[] {
  const keys = objects.get(step);
  if (!keys) return [];
  const wanted = byName(keys);
  return [...callbacks, ...runners].flatMap(([id, fn]): Relation[] => {
    const [use] = id === step ? [] : usesIn(pass, fn, { wanted });
    return use ? [relation(id, use)] : [];
  });
}

/** The things that running a step uses. */
export function neededBy(
  pass: Pass,
  { objects, callbacks }: Behind,
  step: string,
): readonly Relation[] {
  const fn = callbacks.get(step);
  if (!fn) return [];
  const wanted = byName([...objects.values()].flat());
  const uses = usesIn(pass, fn, { wanted });
  return [...objects].flatMap(([id, keys]): Relation[] => {
    if (id === step) return [];
    const use = uses.find(({ key }) =>
      keys.some(({ tag, member }) => tag === key.tag && member === key.member),
    );
    return use ? [relation(id, use)] : [];
  });
}

function relation(id: string, { way, conditional }: Use): Relation {
  const last = way.at(-1);
  if (!last) throw new Error('a use has a way to it');
  return {
    id,
    place: placeInside(last.caller, last.call),
    function: last.caller.name,
    conditional,
  };
}

/** As `Uses` looks them up: by the member's own name. */
function byName(keys: readonly MemberKey[]): ReadonlyMap<string, readonly MemberKey[]> {
  const out = new Map<string, MemberKey[]>();
  for (const key of keys) {
    const name = key.member.split('.').at(-1) ?? '';
    out.set(name, [...(out.get(name) ?? []), key]);
  }
  return out;
}
