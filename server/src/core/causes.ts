/** One cause, one finding: what several rules say of the same mistake is told by the one that names it best. */

import type { Confidence, Finding, Place, Severity } from './result.ts';

/** A finding that is not told yet, and what it comes from: those that share a cause are one. */
export interface Untold extends Omit<Finding, 'fixes' | 'also'> {
  readonly causes: readonly string[];
}

/** Memory that is freed too early is one mistake, whatever works on it afterwards. */
export function memoryCause({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `memory ${file} ${start}`;
}

/** What runs too late is one mistake, whatever it finds gone. */
export function lateCause({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `late ${file} ${start}`;
}

/** An error way that gives nothing back is one mistake, however much was taken before. */
export function errorWayCause({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `error way ${file} ${start}`;
}

/** A way out that does not unplug is one mistake, whatever goes on because of it. */
export function noUnplugCause({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `no unplug ${file} ${start}`;
}

/** What ends too early is one mistake, whoever finds it gone. */
export function earlyEndCause({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `early end ${file} ${start}`;
}

/**
 * The findings by cause, in the order of their first ones. Of each group the first is the one to tell:
 * the worst, of these the surest, of these the first as given.
 */
export function byCause<T extends Untold>(all: readonly T[]): readonly (readonly T[])[] {
  const groups: Group<T>[] = [];
  const groupOf = new Map<string, Group<T>>();
  for (const one of all) {
    const shares = new Set(one.causes.flatMap((cause) => groupOf.get(cause) ?? []));
    const [known, ...others] = [...shares].sort((a, b) => a.number - b.number);
    const into = known ?? { number: groups.length, members: [], causes: [] };
    if (known === undefined) groups.push(into);
    for (const other of others) join(groupOf, into, other.causes, other.members.splice(0));
    join(groupOf, into, one.causes, [one]);
  }
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ members }) => members.sort(byWeight));
}

/** Findings that share causes. */
interface Group<T> {
  readonly number: number;
  /** None in one that has been joined with another. */
  readonly members: T[];
  readonly causes: string[];
}

function join<T>(
  groupOf: Map<string, Group<T>>,
  into: Group<T>,
  causes: readonly string[],
  members: readonly T[],
): void {
  into.members.push(...members);
  for (const cause of causes) {
    if (groupOf.get(cause) !== into) into.causes.push(cause);
    groupOf.set(cause, into);
  }
}

/** What the others of a group add to the one that is told: their places, behind its own evidence. */
export function withOthers(
  { causes: _, ...told }: Untold,
  others: readonly Untold[],
): Omit<Finding, 'fixes'> {
  if (others.length === 0) return told;
  const also = others.map(({ rule, severity, fingerprint, place, function: fn, message }) => ({
    rule,
    severity,
    fingerprint,
    place,
    function: fn,
    message,
  }));
  const links = also.map(({ rule, place, function: fn, message }) => ({
    role: 'note' as const,
    place,
    function: fn,
    message: `of the same cause: ${message} [${rule}]`,
  }));
  return {
    ...told,
    timelines: [...new Set([told, ...others].flatMap(({ timelines }) => timelines))],
    chain: [...told.chain, ...links],
    also,
  };
}

/** The names of a finding: its own, and those of what it tells besides. */
export function fingerprintsOf({
  fingerprint,
  also = [],
}: Pick<Finding, 'fingerprint' | 'also'>): readonly string[] {
  return [fingerprint, ...also.map((one) => one.fingerprint)];
}

const severities: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, hint: 3 };
const confidences: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };

function byWeight(a: Untold, b: Untold): number {
  return (
    severities[a.severity] - severities[b.severity] ||
    confidences[a.confidence] - confidences[b.confidence]
  );
}
