/** What the picture says in words: labels, titles for hovering and for screen readers. */
import type { ChainLink, Finding, TeardownStep } from '../result.ts';

export function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}

export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** The step as a call, or what it gives back when the call says too little. */
export function labelOf({ action, argument, releases, kind }: TeardownStep): string {
  if (argument !== null) return `${action}(${argument})`;
  // Which of the allocating functions it was says less than what it is for.
  if (releases !== null && kind === 'memory') return releases;
  return releases === null ? action : `${action}: ${releases}`;
}

/** `foo_copy.c:458`. */
export function whereOf({ file, from }: TeardownStep['registered']['place']): string {
  return `${file.slice(file.lastIndexOf('/') + 1)}:${from.line + 1}`;
}

/** How the scope is called by those who write drivers. */
export function tagOf({ scope, phase }: TeardownStep): string {
  if (scope === 'bound') return 'devm';
  if (scope === 'drm') return 'drmm';
  return phase === 'release' ? 'release' : phase === 'remove' ? 'remove' : 'manual';
}

const ends: Readonly<Record<string, string>> = {
  devm: 'given back at unbind (devm)',
  drmm: 'given back at the last drm_dev_put() (drmm)',
  remove: 'runs in remove()',
  release: 'runs as drm_driver.release at the last drm_dev_put()',
  manual: 'given back by hand',
};

/** Everything about a step, a line each, the findings first and how they come about last; `position` is its turn on the course, from 1. */
export function titleOf(
  step: TeardownStep,
  position: number | null,
  total: number,
  findings: readonly Finding[],
): string {
  const { place, function: holder, via } = step.registered;
  const label = labelOf(step);
  const lines = [
    label.startsWith(step.action) ? label : `${step.action}: ${label}`,
    ...findings.map(({ severity, message, rule }) => `${severity}: ${message} [${rule}]`),
    `${step.kind}${step.releases === null || step.argument === null ? '' : ` (${step.releases})`}, ${position === null ? 'no release seen on this timeline' : `${ends[tagOf(step)]}, step ${position} of ${total}`}`,
    holder === ''
      ? `at ${place.file}:${place.from.line + 1}`
      : `registered in ${holder}, ${place.file}:${place.from.line + 1}`,
  ];
  if (via.length > 1) lines.push(`reached by ${via.join(' → ')}`);
  if (step.group !== null) lines.push(`in the devres group of ${step.group}`);
  if (step.conditional !== null) lines.push(`only ${step.conditional}`);
  if (step.repeats !== null) lines.push(`repeats: ${step.repeats}`);
  for (const { chain } of findings) lines.push('', ...chain.map(linkLine));
  return lines.join('\n');
}

function linkLine({ place, message }: ChainLink): string {
  return `  ${whereOf(place)}  ${message}`;
}
