/**
 * Puts a log in time. Two logs behind one another, of dmesg and of the tracer, are one again when their clocks agree;
 * the tracer's own clock can be seconds off that of dmesg (`trace_clock=global` sets the same).
 */
import type { LogEvent, LogMark, TeardownLog } from './log.ts';
import type { LogNames } from './log-names.ts';

/** A log in the order in which it happened. */
export interface TimedLog {
  readonly events: readonly LogEvent[];
  readonly marks: readonly LogMark[];
  /** Why the order of what dmesg and the tracer print cannot be told; null when it can. */
  readonly disagree: string | null;
  /** What was mended. */
  readonly notes: readonly string[];
}

/** Two writes of one mark are not further apart. */
const tolerance = 0.05;

const advice = 'boot with trace_clock=global';

/** Sorts by time where there is one, after a look whether both clocks are the same. */
export function inTime(log: TeardownLog, names: LogNames): TimedLog {
  const offset = measured(log.marks);
  const off = offset !== undefined && Math.abs(offset) > tolerance ? offset : 0;
  const events = sorted(log.events, off);
  if (events === undefined)
    return { events: log.events, marks: log.marks, disagree: null, notes: [] };
  const disagree = impossible(events, names);
  return {
    events: disagree === null ? events : log.events,
    marks: disagree === null ? retimed(log.marks, off) : log.marks,
    disagree:
      disagree === null
        ? null
        : `the tracer's clock is not that of dmesg (${disagree}): only the order within each list was compared; ${advice}`,
    notes:
      off === 0
        ? []
        : [
            `the tracer's clock is ${Math.abs(off).toFixed(3)} s ${off > 0 ? 'behind' : 'before'} that of dmesg, told by the marks in both: mended; ${advice}`,
          ],
  };
}

/** Marks beside events whose place is their time. */
function retimed(marks: readonly LogMark[], off: number): LogMark[] {
  return marks
    .flatMap((mark) =>
      mark.time === null ? [] : [{ ...mark, at: mark.time + (mark.clock === 'trace' ? off : 0) }],
    )
    .sort((a, b) => a.boot - b.boot || a.at - b.at || a.line - b.line);
}

/** How much is to be added to the tracer's time, by what was written to both. */
function measured(marks: readonly LogMark[]): number | undefined {
  const apart: number[] = [];
  for (const traced of marks) {
    if (traced.clock !== 'trace' || traced.time === null) continue;
    const same = marks.filter(
      (mark) => mark.clock === 'printk' && mark.boot === traced.boot && mark.text === traced.text,
    );
    const twice = marks.filter(
      (mark) => mark.clock === 'trace' && mark.boot === traced.boot && mark.text === traced.text,
    );
    const time = same.length === 1 && twice.length === 1 ? same[0]?.time : undefined;
    if (time !== undefined && time !== null) apart.push(time - traced.time);
    if (apart.length > 100) break;
  }
  return apart.sort((a, b) => a - b)[apart.length >> 1];
}

/** Two logs behind one another in one order; undefined when they are not such, or a line has no time. */
function sorted<T extends LogEvent | LogMark>(all: readonly T[], off: number): T[] | undefined {
  const at = ({ time, clock }: T) => (time ?? 0) + (clock === 'trace' ? off : 0);
  const behind = all.some((one, i) => {
    const before = all[i - 1];
    return before !== undefined && one.boot === before.boot && at(one) < at(before);
  });
  if (!behind || all.some(({ time }) => time === null)) return undefined;
  return all
    .map((one) => ({ ...one, at: at(one) }))
    .sort((a, b) => a.boot - b.boot || a.at - b.at || a.line - b.line);
}

/**
 * An order that no kernel runs: the bound device's reference to a drm_device is registered after the drm_device
 * was made (drm_drv.c, devm_drm_dev_init()), and the device's own list ends after that reference was dropped.
 */
function impossible(events: readonly LogEvent[], names: LogNames): string | null {
  if (
    !events.some(({ clock }) => clock === 'trace') ||
    !events.some(({ clock }) => clock === 'printk')
  )
    return null;
  const made = new Set<string>();
  const held = new Set<string>();
  const early = new Set<string>();
  for (const event of events) {
    const { device } = event;
    const marks = names.marks(event);
    if (marks === 'device') {
      if (event.what === 'add' && early.has(device) && !made.has(device))
        return `a reference to the drm_device of ${device} is older than the device`;
      if (event.what === 'release' && held.has(device))
        return `a list of ${device} is released before the reference to it is dropped`;
      if (event.what === 'add') made.add(device);
    } else if (marks === 'reference') {
      if (event.what !== 'add') held.delete(device);
      else {
        held.add(device);
        if (!made.has(device)) early.add(device);
      }
    }
  }
  return null;
}
