/** A guest's log as a recording: the kernel's lines about its lists, and marks; addresses and times vary from run to run. */
import {
  clockOf,
  eventOf,
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
  const numbers = new Map<string, string>();
  const numbered = (address: string): string => {
    const known = numbers.get(address) ?? String(numbers.size + 1).padStart(4, '0');
    numbers.set(address, known);
    return known;
  };
  const out: string[] = [];
  for (const [i, line] of dmesg.split('\n').entries()) {
    const at = { line: i + 1, at: i + 1, boot: 0, ...clockOf(line) };
    const event = eventOf(line, at);
    const text = line.replace(/^\[ *\d+\.\d+\] /, '');
    if (event) {
      // An address that is freed is given to the next: what lives has the number.
      const number = numbered(event.address);
      out.push(text.replace(event.address, number).replace(' [drm]]', ']'));
      if (event.what !== 'add') numbers.delete(event.address);
      if (event.what !== 'add') numbers.set(`gone ${numbers.size} ${event.address}`, number);
    } else if (isKept(markOf(line, at)?.kind)) out.push(text);
  }
  return `${out.join('\n')}\n`;
}
