/**
 * A guest's log as a recording: the kernel's lines about its lists, and marks; addresses and times vary from run to
 * run.
 */
import { BootReader } from '../../server/src/core/teardown/log-boots.ts';
import {
  clockOf,
  eventOf,
  type LogMark,
  type MarkKind,
  markOf,
} from '../../server/src/core/teardown/log-lines.ts';

/** Which timeline a scenario shows, unless its log says that it came otherwise. */
export function timelineOf(
  scenario: string,
  text: string,
): 'unbind' | 'unplug-open' | 'probe-fail' {
  if (/^fail[-:]/.test(scenario)) return /DT: bind rc 0/.test(text) ? 'unbind' : 'probe-fail';
  return /^(?:unbind|rmmod)$/.test(scenario) ? 'unbind' : 'unplug-open';
}

/** The file's name of a scenario. */
export function fileOf(scenario: string): string {
  return `${scenario.replaceAll(':', '-')}.log`;
}

/** What a prediction's file is called: by the folder, or by the file where many share one. */
export function orderName(source: string): string {
  const [folder = '', file = ''] = source.split('/');
  return folder === 'tiny' ? file.replace(/\.c$/, '') : folder;
}

/** What frames a scenario is told by the file's name. */
function isKept(kind: MarkKind | undefined): boolean {
  return (
    kind !== undefined && !/^(?:stress|scenario|scenario-end|left-out|not-offered)$/.test(kind)
  );
}

export function recordingOf(dmesg: string): string {
  const alike = dmesg.replace(/\bPID: \d+/g, 'PID: 1');
  return recorded(alike.split('\n'), (mark) => isKept(mark.kind));
}

const frame =
  /(?:\? )?\b[A-Za-z_][\w.]*\+0x[0-9a-f]+\/0x[0-9a-f]+|Call Trace:|(?:Allocated|Freed) (?:by|in) |---\[ end /;

/**
 * The log of a stress kit as a recording: also its scenarios, and what the kernel found wrong with the functions
 * below it. What came by two ways, the kernel's log and the tracer, is put in time before the times go; what pstore
 * has once more is left out.
 */
export function stressRecordingOf(log: string): string {
  const boots = new BootReader();
  let last = 0;
  let boot = 0;
  const lines = log.split('\n').flatMap((line, i) => {
    const at = boots.take(line, i);
    if (!at) return [];
    boots.begin();
    if (at.boot > boot) last = 0;
    boot = at.boot;
    last = at.time ?? last;
    return [{ line, i, boot, clock: at.clock, time: last }];
  });
  const marked = (line: string) => line.replace(/^.*?(?=DT: )/, '').trimEnd();
  const said = new Set(
    lines.flatMap(({ line, clock }) => (clock === 'printk' ? [marked(line)] : [])),
  );
  const timed = lines
    .filter(
      ({ clock, line }) =>
        clock === 'printk' || !line.includes('tracing_mark_write') || !said.has(marked(line)),
    )
    .sort((a, b) => a.boot - b.boot || a.time - b.time || a.i - b.i);
  const begin = timed.findIndex(({ line }) => /DT: stress of .* begins/.test(line));
  return recorded(
    timed
      .slice(Math.max(0, begin))
      .map(({ line }) =>
        line.replace(/^ *\S+ +\[\d+\] \S+ +[\d.]+: (?:tracing_mark_write: )?/, ''),
      ),
    () => true,
    (line) => {
      if (/^DT: resumed/.test(line)) return line;
      const match = frame.exec(line);
      return match ? line.slice(match.index) : undefined;
    },
  );
}

/** The lines of lists and marks, and others that `more` gives; addresses are numbers, times are gone. */
function recorded(
  lines: readonly string[],
  keeps: (mark: LogMark) => boolean,
  more: (line: string) => string | undefined = () => undefined,
): string {
  const numbers = new Map<string, string>();
  const numbered = (address: string): string => {
    const known = numbers.get(address) ?? String(numbers.size + 1).padStart(4, '0');
    numbers.set(address, known);
    return known;
  };
  const out: string[] = [];
  for (const [i, line] of lines.entries()) {
    const at = { line: i + 1, at: i + 1, boot: 0, ...clockOf(line) };
    const event = eventOf(line, at);
    const text = line.replace(/^(?:<\d+>)?\[ *\d+\.\d+\] /, '').trimEnd();
    const mark = event ? undefined : markOf(line, at);
    if (event) {
      // An address that is freed is given to the next: what lives has the number.
      const number = numbered(event.address);
      out.push(text.replace(event.address, number).replace(' [drm]]', ']'));
      if (event.what !== 'add') numbers.delete(event.address);
      if (event.what !== 'add') numbers.set(`gone ${numbers.size} ${event.address}`, number);
    } else if (mark) {
      if (keeps(mark)) out.push(text);
    } else {
      const other = more(text);
      if (other !== undefined) out.push(other);
    }
  }
  return `${out.join('\n')}\n`;
}
