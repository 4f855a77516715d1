/** What the picture says in words: labels, titles for hovering and for screen readers. */
import type { ChainLink, Finding, TeardownStep } from '../result.ts';
import type { Say } from '../say.ts';

export function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}

export function countOfFindings(number: number, say: Say): string {
  return number === 1 ? say('1 finding') : say('{0} findings', number);
}

/** The step as a call, or what it gives back when the call says too little. */
export function labelOf({ action, argument, releases, kind }: TeardownStep): string {
  if (argument !== null) return `${action}(${argument})`;
  // Which of the allocating functions it was says less than what it is for.
  const what = releases?.replace(/`/g, '') ?? null;
  if (what !== null && kind === 'memory') return what;
  return what === null ? action : `${action}: ${what}`;
}

/** `foo_copy.c:458`. */
export function whereOf({ file, from }: TeardownStep['registered']['place']): string {
  return `${file.slice(file.lastIndexOf('/') + 1)}:${from.line + 1}`;
}

/** How the scope is called by those who write drivers. */
export function tagOf({
  scope,
  phase,
}: TeardownStep): 'devm' | 'drmm' | 'remove' | 'release' | 'manual' {
  if (scope === 'bound') return 'devm';
  if (scope === 'drm') return 'drmm';
  return phase === 'release' ? 'release' : phase === 'remove' ? 'remove' : 'manual';
}

function endOf(step: TeardownStep, say: Say): string {
  switch (tagOf(step)) {
    case 'devm':
      return say('given back at unbind (devm)');
    case 'drmm':
      return say('given back at the last drm_dev_put() (drmm)');
    case 'remove':
      return say('runs in remove()');
    case 'release':
      return say('runs as drm_driver.release at the last drm_dev_put()');
    case 'manual':
      return say('given back by hand');
  }
}

/**
 * Everything about a step, a line each, the findings first and how they come about last; `position` is its turn on
 * the course, from 1.
 */
export function titleOf(
  step: TeardownStep,
  position: number | null,
  total: number,
  findings: readonly Finding[],
  say: Say,
): string {
  const { place, function: holder, via } = step.registered;
  const label = labelOf(step);
  const lines = [
    label.startsWith(step.action) ? label : `${step.action}: ${label}`,
    ...findings.map(({ severity, message, rule }) => `${severity}: ${message} [${rule}]`),
    `${step.kind}${step.releases === null || step.argument === null ? '' : ` (${step.releases})`}, ${position === null ? say('no release seen on this timeline') : `${endOf(step, say)}, ${say('step {0} of {1}', position, total)}`}`,
    holder === ''
      ? say('at {0}', `${place.file}:${place.from.line + 1}`)
      : say('registered in {0}', `${holder}, ${place.file}:${place.from.line + 1}`),
  ];
  if (via.length > 1) lines.push(say('reached by {0}', via.join(' → ')));
  if (step.group !== null) lines.push(say('in the devres group of {0}', step.group));
  if (step.conditional !== null) lines.push(say('only {0}', step.conditional));
  if (step.repeats !== null) lines.push(say('repeated in {0}', step.repeats));
  for (const { chain } of findings) lines.push('', ...chain.map(linkLine));
  return lines.join('\n');
}

function linkLine({ place, message }: ChainLink): string {
  return `  ${whereOf(place)}  ${message}`;
}
