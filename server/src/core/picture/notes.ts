/**
 * What the findings say about a row: where it is marked, and from when to when it is used although
 * what it needs has ended. Only what a finding's chain proves is drawn as a stretch; other findings
 * mark the row where it begins or ends.
 */
import type { Finding, Hazard, Place, TeardownStep } from '../result.ts';
import type { Axis } from './axis.ts';
import type { Note } from './picture.ts';

export interface NoteContext {
  readonly axis: Axis;
  readonly released: readonly TeardownStep[];
  readonly hazards: readonly Hazard[];
}

export function noteOf(step: TeardownStep, finding: Finding, context: NoteContext): Note {
  const { axis } = context;
  const end = axis.endsAt(step.id) ?? axis.end;
  const hazard = context.hazards.find((one) => one.finding === finding.fingerprint);
  const overrun =
    overrunOf(step, finding, context, end) ?? stretchOf(step, hazard, context) ?? null;
  const x = overrun?.to ?? (releases(finding) ? end : (axis.takenAt(step.id) ?? end));
  return {
    finding: finding.fingerprint,
    severity: finding.severity,
    rule: finding.rule,
    x,
    overrun,
  };
}

/** From where something ends to the step that uses it later. */
function stretchOf(
  step: TeardownStep,
  hazard: Hazard | undefined,
  { axis, released }: NoteContext,
): Note['overrun'] {
  const { ends = null, uses = null } = hazard ?? {};
  if (ends === null || uses === null || released[uses]?.id !== step.id) return null;
  const [from, to] = [axis.at(ends), axis.at(uses)];
  const resource = released[ends]?.id ?? null;
  return from === undefined || to === undefined ? null : { from, to, resource };
}

function overrunOf(
  step: TeardownStep,
  finding: Finding,
  context: NoteContext,
  end: number,
): Note['overrun'] {
  if (step.scope === null) return null;
  const others = namedBy(step, finding, context);
  if (isMemoryThatGoesTooEarly(step, finding)) return afterItsEnd(others, context, end);
  const gone = others.filter((other) => other.x < end);
  const last = gone.reduce<Named | null>(
    (best, other) => (best !== null && best.x > other.x ? best : other),
    null,
  );
  if (last !== null) return { from: last.x, to: end, resource: gone.length === 1 ? last.id : null };
  const { unbindDone } = context.axis;
  return step.scope === 'drm' && releases(finding) && unbindDone < end
    ? { from: unbindDone, to: end, resource: null }
    : null;
}

/** Whether the finding is about what a release does, not about the registration. */
function releases({ chain }: Finding): boolean {
  return chain.some((link) => link.role === 'release');
}

interface Named {
  readonly id: string;
  readonly x: number;
}

/** The other steps that a chain names, with their ends. */
function namedBy(step: TeardownStep, finding: Finding, { axis, released }: NoteContext): Named[] {
  const own = step.registered.place;
  const links = finding.chain.map((link) => link.place).filter((place) => !isInside(place, own));
  return released.flatMap((other) => {
    const x = axis.endsAt(other.id);
    const isNamed = links.some((place) => isInside(place, other.registered.place));
    return isNamed && x !== undefined && other.scope !== null ? [{ id: other.id, x }] : [];
  });
}

function isInside(inner: Place, outer: Place): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

/** A finding that begins with an allocation is about memory that others use for longer. */
function isMemoryThatGoesTooEarly(step: TeardownStep, finding: Finding): boolean {
  const first = finding.chain[0];
  return first?.role === 'allocation' && isInside(first.place, step.registered.place);
}

/** Up to the last use that is named, else up to the last put. */
function afterItsEnd(
  others: readonly Named[],
  { axis }: NoteContext,
  end: number,
): Note['overrun'] {
  const put = axis.bands.findLast(({ kind }) => kind === 'put');
  const last = Math.max(...others.map((other) => other.x), put === undefined ? 0 : put.x);
  return last > end ? { from: end, to: last, resource: null } : null;
}
