/** How the order view names things: the words of rows, tooltips and copies. No VS Code, no layout. */
import type { OrderLocation, OrderStep, OrderTimeline } from '../../../server/src/lsp/protocol.ts';

export type Severity = OrderStep['findings'][number]['severity'];
export type TimelineName = OrderTimeline['timeline'];

export const scopeWords: Readonly<Record<NonNullable<OrderStep['scope']>, string>> = {
  bound: 'devm',
  drm: 'drmm',
};

export const timelineTitles: Readonly<Record<TimelineName, string>> = {
  unbind: 'Unbind',
  'unplug-open': 'Unplug with an open file',
  'probe-fail': 'Probe failure',
};

/** One line on what happens on each timeline. */
export const timelineMeanings: Readonly<Record<TimelineName, string>> = {
  unbind: 'The device is unbound while no file is open: the last put happens during unbind',
  'unplug-open': 'The device goes while a file is open: the last put comes after everything devm',
  'probe-fail': 'A step of probe fails: remove() never runs',
};

const phaseTitles: Readonly<Record<OrderStep['phase'], string>> = {
  remove: 'remove()',
  devm: 'devm: released at unbind',
  'last-put': 'last drm_dev_put()',
  release: 'last put: drm_driver.release',
  drmm: 'drmm: at the last put',
  manual: 'by hand',
};

/** What a phase is called on a timeline: a probe that fails unbinds nothing. */
export function phaseTitle({ phase, group }: OrderStep, timeline: TimelineName): string {
  if (group !== null) return `devres group of ${group}`;
  if (phase === 'devm' && timeline === 'probe-fail') return 'devm: released as probe fails';
  return phaseTitles[phase];
}

const ranks: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** The worst of some severities, undefined when there is none. */
export function worst(severities: Iterable<Severity | undefined>): Severity | undefined {
  const all = new Set(severities);
  return ranks.find((severity) => all.has(severity));
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** “3 of 41 steps” when some are hidden. */
export function countOf(shown: number, total: number): string {
  return shown === total ? plural(total, 'step') : `${shown} of ${plural(total, 'step')}`;
}

/** The model marks code in its sentences with backticks; a row has one typeface. */
export function withoutMarks(text: string): string {
  return text.replace(/`/g, '');
}

/** What the driver calls what is released, as the server says it. */
export function stepName({ name }: OrderStep): string {
  return name;
}

export function fileName({ uri }: OrderLocation): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `xe_migrate.c:458`, lines as people count them. */
export function fileAndLine(location: OrderLocation): string {
  return `${fileName(location)}:${location.range.start.line + 1}`;
}

/** What a step gives back, in short; undefined when its name says all that is known. */
export function released({ releases, kind }: OrderStep): string | undefined {
  if (releases !== null) return releases;
  return kind === 'action' || kind === 'function' ? undefined : kind;
}

/** A loop as people say it: `for_each_gt(…)` stays code, a plain word gets its “for”. */
function loop({ repeats }: OrderStep): string | undefined {
  return repeats === null ? undefined : `loop: ${repeats}`;
}

/** What stands beside a step's name: the most telling first, because a side bar is narrow. */
export function stepDetails(step: OrderStep): string[] {
  const severity = worst(severitiesAt(step));
  const what = released(step);
  return [
    severity,
    markWords(step),
    what === undefined || step.by !== null ? undefined : withoutMarks(what),
    step.by === null ? undefined : `by ${step.by}`,
    step.conditional ?? undefined,
    loop(step),
    step.scope === null ? undefined : scopeWords[step.scope],
    fileAndLine(step.registered),
    step.group === null ? undefined : `group ${step.group}`,
  ].filter((text) => text !== undefined);
}

/** How bad what is told at a step is, at either end of a hazard. */
export function severitiesAt({ findings, marks }: OrderStep): Severity[] {
  return [
    ...findings.map(({ severity }) => severity),
    ...marks.map(({ finding }) => finding.severity),
  ];
}

/** Where the other end of a step's hazards is, in few words. */
function markWords({ marks }: OrderStep): string | undefined {
  const [first] = marks;
  if (first === undefined) return undefined;
  const word = first.kind === 'ends' ? 'used later' : 'uses what ended';
  const others = marks.length > 1 ? ` +${marks.length - 1}` : '';
  return `${word}${first.other === null ? '' : `: ${first.other}`}${others}`;
}

/** A step as a screen reader says it. */
export function spokenStep(step: OrderStep, number: number, total: number): string {
  const { registered, findings, conditional } = step;
  const what = released(step);
  const { line } = registered.range.start;
  const words = [
    `step ${number} of ${total}`,
    stepName(step),
    ...findings.map(({ severity, message }) => `${severity}: ${message}`),
    ...step.marks.map(({ text }) => text),
    ...(what === undefined ? [] : [`releases ${what}`]),
    ...(step.scope === null ? [] : [scopeWords[step.scope]]),
    `${step.phase === 'remove' ? 'called' : 'registered'} in ${fileName(registered)} line ${line + 1}`,
    ...(conditional === null ? [] : [`only ${conditional}`]),
    ...(step.repeats === null ? [] : [`repeated in ${step.repeats}`]),
    ...(step.group === null ? [] : [`in the devres group of ${step.group}`]),
  ];
  return withoutMarks(words.join(', '));
}
