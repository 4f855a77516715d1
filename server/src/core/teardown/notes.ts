/** What a reader of an entry's order should know beside its steps. */
import type { MilestoneRole } from '../catalog.ts';
import { maximumVisits } from '../program/run-through.ts';
import type { TeardownStep } from '../result.ts';
import { isModuleEntry } from './module-entries.ts';
import type { EntryParts } from './parts.ts';
import type { Trace, TracedCall } from './trace.ts';

export function notesOn(parts: EntryParts): string[] {
  const { way, removal, entry } = parts;
  const out: string[] = [];
  if (!way.complete) out.push(cutOff(entry.start.fn.name, way));
  if (removal && !removal.trace.complete) out.push(cutOff(removal.step.action, removal.trace));
  const unfollowed = removal?.trace.unfollowed ?? 0;
  if (removal && unfollowed > 0)
    out.push(
      `${unfollowed} ${unfollowed === 1 ? 'function' : 'functions'} far down from \`${removal.step.action}\` ${unfollowed === 1 ? 'was' : 'were'} not gone into: what they give back is not among the steps`,
    );
  if (parts.staysRegistered)
    out.push(
      'no function of the driver runs at unbind, and nothing unregisters the drm_device: it stays, and its drmm list is not released',
    );
  const isModule = isModuleEntry(parts.pass.catalog, entry.start);
  if (isModule) out.push('an open file keeps the module: it cannot go while one is open');
  const unplug = isModule ? null : unplugNote(parts);
  if (unplug !== null) out.push(unplug);
  const components = new Set(
    way.traced.flatMap(({ frame }) => (frame.parent && frame.group !== null ? [frame.group] : [])),
  );
  if (components.size > 1)
    out.push(
      'components are bound in the order of the match list, which the kernel makes at run time: they are shown in the order of the sources',
    );
  return out;
}

/** So much is walked of one way, calls of calls included. */
function cutOff(name: string, { full }: Trace): string {
  if (full) return `\`${name}\` leads further than was followed: the end of its way is missing`;
  const visits = maximumVisits.toLocaleString('en');
  return `only the first ${visits} calls on the way of \`${name}\` were followed: what comes after them is missing`;
}

/** Whether the way out makes drm_dev_enter() fail before anything is released. */
function unplugNote({ pass, way, removal, allocation }: EntryParts): string | null {
  const first = (role: MilestoneRole, traced: readonly TracedCall[]) =>
    traced.find(
      ({ traceEvent }) => traceEvent.does === 'milestone' && traceEvent.milestone.role === role,
    );
  if (!removal || (!allocation && !first('register', way.traced))) return null;
  const [unplug] = pass.catalog.data.milestones.filter((one) => one.role === 'unplug');
  const [guard] = pass.catalog.data.guards.filter((one) => one.role === 'enter');
  const found = first('unplug', removal.trace.traced);
  if (!unplug || !guard) return null;
  if (found)
    return `\`${found.frame.fn.name}\` calls ${unplug.name}(): ${guard.name}() fails from there on`;
  return `\`${removal.step.action}\` does not call ${unplug.name}(): ${guard.name}() goes on to succeed`;
}

/** Ids of what a timeline gives back. */
export function endedOn(steps: readonly TeardownStep[]): ReadonlySet<string> {
  return new Set(steps.flatMap(({ id, ends }) => [id, ...(ends ?? [])]));
}

/** What is taken by hand and was not seen to be given back. */
export function notEnded(
  acquired: readonly TeardownStep[],
  steps: readonly TeardownStep[],
): string[] {
  const ended = endedOn(steps);
  const open = acquired.filter(({ id, endsInProbe }) => !endsInProbe && !ended.has(id));
  if (open.length === 0) return [];
  const names = [...new Set(open.map(({ action }) => `\`${action}\``))];
  const places = new Set(open.map(({ registered: { place } }) => `${place.start} ${place.file}`))
    .size;
  // A helper that many ways lead to takes a thing on each of them.
  const calls = places === open.length ? '' : `, by ${places === 1 ? '1 call' : `${places} calls`}`;
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return [
    `no release was seen of ${open.length} of the ${acquired.length} things that are taken${calls} (${names.slice(0, 4).join(', ')}${more}): it is not on the ways that were followed, or there is none`,
  ];
}
