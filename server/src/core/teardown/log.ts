/**
 * Reads what a running kernel says of its devres and drmm lists: DRMRES lines of `drm.debug=0x200`
 * and lines of the tracepoint `dev:devres_log`, in any mixture of dmesg, journal, trace_pipe and
 * trace-cmd report. Whatever else a log holds is passed over. However long the log, what is kept is bounded.
 */
import { BootReader } from './log-boots.ts';
import { eventOf, isTorn, type LogEvent, type LogMark, markOf } from './log-lines.ts';
import { StackReader } from './log-troubles.ts';

export type { LogEvent, LogMark } from './log-lines.ts';

/** A log as far as it concerns us. */
export interface TeardownLog {
  readonly lines: number;
  /** The last line that is whole, and not empty: with what stands there the log ends. */
  readonly end: number;
  readonly events: readonly LogEvent[];
  readonly marks: readonly LogMark[];
  readonly boots: number;
  /** Changes of the lists that were left out, the oldest ones: there were too many. */
  readonly leftOut: number;
  /** Entries that the kernel says its trace lost. */
  readonly lost: number;
}

/** Longer lines are none of the kernel's. */
const maximumLine = 2000;
/** So many of the latest changes are kept: 60 teardowns of a large driver. */
const maximumEvents = 40_000;
/** So many reports of the kernel keep their stacks. */
const maximumReports = 4000;

const colour = '\u001b';
/** What a terminal makes colours of. */
const colours = new RegExp(`${colour}\\[[\\d;]*[A-Za-z]`, 'g');
const lostLine = /\[LOST (\d+) EVENTS\]/;

/** A line without what terminals, serial lines and UTF-16 leave between its letters. */
function plain(line: string): string {
  const whole = line.includes('\0') ? line.replaceAll('\0', '') : line;
  return whole.includes(colour) ? whole.replace(colours, '') : whole;
}

/** Takes a log line by line. */
export class LogReader {
  private lines = 0;
  private whole = 0;
  private torn = false;
  private readonly boots = new BootReader();
  private lost = 0;
  private dropped = 0;
  private events: LogEvent[] = [];
  private marks: LogMark[] = [];
  /** The report of the kernel that goes on. */
  private report: StackReader | null = null;
  private reports = 0;

  /** @param given one line, without its newline */
  read(given: string): void {
    this.lines++;
    if (given.length > maximumLine) return;
    const line = plain(given);
    if (line.trim() !== '') {
      // A line that is torn in the middle of a log is no end.
      if (this.torn) this.whole = this.lines - 1;
      this.torn = isTorn(line);
      if (!this.torn) this.whole = this.lines;
    }
    if (line.includes('[LOST ')) this.lost += Number(lostLine.exec(line)?.[1] ?? 0);
    const at = this.boots.take(line, this.lines);
    if (!at) return;
    const event = eventOf(line, at);
    if (event) {
      this.boots.begin();
      this.events.push(event);
      if (this.events.length >= 2 * maximumEvents) this.forget();
      return;
    }
    const mark = markOf(line, at);
    if (mark?.kind === 'trouble') this.takeTrouble(mark, line);
    else if (mark) this.marks.push(mark);
    else if (this.report?.take(line) === false) this.report = null;
    if (this.marks.length >= 2 * maximumEvents) this.marks = this.marks.slice(-maximumEvents);
  }

  end(): TeardownLog {
    if (this.events.length > maximumEvents) this.forget();
    return {
      lines: this.lines,
      end: this.whole,
      events: this.events,
      marks: this.marks,
      boots: this.boots.boots,
      leftOut: this.dropped,
      lost: this.lost,
    };
  }

  /** What the kernel says twice of one thing is one report: `Oops: ` below `BUG: `. */
  private takeTrouble(mark: LogMark, line: string): void {
    if (this.report && mark.trouble && this.report.goesOn(mark.trouble)) {
      this.report.take(line);
      return;
    }
    // Of a panic the stack stands above.
    const last = mark.trouble === 'panic' ? this.marks.at(-1)?.stacks : undefined;
    if (this.reports >= maximumReports) {
      this.report = null;
      this.marks.push(mark);
      return;
    }
    this.reports++;
    const isOurs = mark.trouble === 'leftover' || mark.trouble === 'stuck';
    const report = isOurs || last ? null : new StackReader(mark.trouble ?? 'bug', line);
    this.report = report;
    const stacks = last ?? report;
    this.marks.push(stacks ? { ...mark, stacks: { at: stacks.at, others: stacks.others } } : mark);
  }

  private forget(): void {
    this.dropped += this.events.length - maximumEvents;
    this.events = this.events.slice(-maximumEvents);
  }
}

/** Reads a whole log that is one string. */
export function parseTeardownLog(text: string): TeardownLog {
  const reader = new LogReader();
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    reader.read(end - start > maximumLine ? '' : text.slice(start, end));
    start = end + 1;
  }
  return reader.end();
}
