/** What the reader of a comparison should know of the log, and of how it was compared. */
import type { Scope, TeardownStep } from '../result.ts';
import type { TeardownLog } from './log.ts';
import type { TimedLog } from './log-clocks.ts';
import type { Laid } from './log-lay.ts';
import type { LogSession } from './log-sessions.ts';

/** The drivers and devices that a log is of. */
export function driversIn(sessions: readonly LogSession[]): string {
  const devices = sessions.flatMap(({ device, events }) => {
    const driver = events.find((event) => event.driver)?.driver;
    return [driver === undefined ? device : `${driver} ${device}`];
  });
  const all = [...new Set(devices)];
  return all.length > 3
    ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} others`
    : all.join(', ');
}

/** On the log as a whole. */
export function notesOnLog(
  log: TeardownLog,
  { disagree, notes }: TimedLog,
  shown: LogSession,
  sessions: readonly LogSession[],
): string[] {
  const same = sessions.filter((one) => one.device === shown.device);
  const number = same.findIndex((one) => one.events[0]?.line === shown.events[0]?.line) + 1;
  const boot = shown.events[0]?.boot ?? 0;
  return [
    ...(disagree === null ? [] : [disagree]),
    ...notes,
    ...(log.leftOut > 0 ? [`the oldest ${log.leftOut} changes of the lists were left out`] : []),
    ...(log.lost > 0 ? [`the trace lost ${log.lost} entries: give it a larger buffer`] : []),
    ...(log.boots > 1 ? [`the log holds ${log.boots} boots: this is of number ${boot + 1}`] : []),
    ...(same.length > 1
      ? [`the log holds ${same.length} teardowns of ${shown.device}: this is number ${number}`]
      : []),
  ];
}

/** On how well it fits. */
export function notesOnFit({ counts, foreign }: Laid, session: LogSession): string[] {
  const differ =
    counts['out-of-order'] + counts['never-ran'] + counts['not-registered'] + counts.unpredicted;
  const lost =
    session.events.filter((event) => event.what === 'release').length > 0 ? wrapped(session) : 0;
  return [
    ...(counts['in-order'] < differ
      ? [
          `little of it fits: is the log of this module (it is of ${driversIn([session])}), and the source that of the running kernel?`,
        ]
      : []),
    ...(lost > 0
      ? [`the log begins after ${lost} of its entries were registered: was it wrapped, or cut off?`]
      : []),
    ...(counts['not-reached'] > 0
      ? ['the log ends before all was released: a file is still open, or the log was cut off']
      : []),
    ...(foreign > 0
      ? [
          `${foreign} ${foreign === 1 ? 'release belongs' : 'releases belong'} to other entries of the module`,
        ]
      : []),
  ];
}

/** Released, and never seen to be added. */
function wrapped({ events }: LogSession): number {
  const balance = new Map<string, number>();
  let lost = 0;
  for (const { what, scope, name } of events) {
    const key = `${scope} ${name}`;
    const live = balance.get(key) ?? 0;
    if (what === 'add') balance.set(key, live + 1);
    else if (live > 0) balance.set(key, live - 1);
    else lost++;
  }
  return lost;
}

/** On lists that the log says nothing of. */
export function silentLists({ events }: LogSession, predicted: readonly TeardownStep[]): string[] {
  const silent = (scope: Scope) =>
    predicted.some((step) => step.scope === scope) &&
    !events.some((event) => event.scope === scope);
  return [
    ...(silent('drm')
      ? ['the log has no DRMRES lines (drm.debug=0x200): drmm steps cannot be seen']
      : []),
    ...(silent('bound') ? ['the log has no dev:devres_log lines: devm steps cannot be seen'] : []),
  ];
}
