/** Tells the boots of a log apart, and what pstore kept of one from what the log has of it already. */
import { clockOf, type Position } from './log-lines.ts';

/** A clock that goes back by more belongs to another boot. */
const bootStep = 1;
const bootLine = /\bLinux version \d|^-- Boot /;
/** What a stress kit that goes on puts before and behind pstore's dumps. */
const keptLine = /^DT: pstore /;
const resumedLine = /^DT: resumed\s*$/;

export class BootReader {
  private boot = 0;
  private begun = false;
  private last = 0;
  private kept = false;

  get boots(): number {
    return this.boot + 1;
  }

  /** Something that counts was there: a boot of which nothing does is none. */
  begin(): void {
    this.begun = true;
  }

  /** @returns nothing for what says nothing new: a dump begins before what the log lost */
  take(line: string, number: number): Position | undefined {
    const { time, clock } = clockOf(line);
    const printed = clock === 'printk' ? time : null;
    if (keptLine.test(line)) {
      this.kept = true;
      return undefined;
    }
    if (resumedLine.test(line)) this.restart();
    else if (this.kept && printed !== null && printed <= this.last) return undefined;
    else if (bootLine.test(line) || (printed !== null && printed < this.last - bootStep))
      this.restart();
    if (printed !== null) this.last = printed;
    return { line: number, time, clock, boot: this.boot, at: number };
  }

  private restart(): void {
    this.kept = false;
    if (this.begun) this.boot++;
    this.begun = false;
    this.last = 0;
  }
}
