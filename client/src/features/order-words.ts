/** How the order view names things: the words of rows, tooltips and copies. No VS Code, no layout. */
import { say } from '#say';
import type { OrderLocation, OrderStep, OrderTimeline } from '../../../server/src/lsp/protocol.ts';

export type Severity = OrderStep['findings'][number]['severity'];
export type TimelineName = OrderTimeline['timeline'];

export const scopeWords: Readonly<Record<NonNullable<OrderStep['scope']>, string>> = {
  bound: 'devm',
  drm: 'drmm',
};

export function timelineTitle(timeline: TimelineName): string {
  switch (timeline) {
    case 'unbind':
      return say('Unbind');
    case 'unplug-open':
      return say('Unplug with an open file');
    case 'probe-fail':
      return say('Probe failure');
  }
}

/** One line on what happens on a timeline. */
export function timelineMeaning(timeline: TimelineName): string {
  switch (timeline) {
    case 'unbind':
      return say('The device is unbound while no file is open: the last put happens during unbind');
    case 'unplug-open':
      return say('The device goes while a file is open: the last put comes after everything devm');
    case 'probe-fail':
      return say('A step of probe fails: remove() never runs');
  }
}

/** What a phase is called on a timeline: a probe that fails unbinds nothing. */
export function phaseTitle({ phase, group }: OrderStep, timeline: TimelineName): string {
  if (group !== null) return say('devres group of {0}', group);
  switch (phase) {
    case 'remove':
      return 'remove()';
    case 'devm':
      return timeline === 'probe-fail'
        ? say('devm: released as probe fails')
        : say('devm: released at unbind');
    case 'last-put':
      return say('last drm_dev_put()');
    case 'release':
      return say('last put: drm_driver.release');
    case 'drmm':
      return say('drmm: at the last put');
    case 'manual':
      return say('by hand');
  }
}

/**
 * What is over when a phase begins, where its name does not say that: the kernel takes an unplugged device out of
 * its IOMMU group (iommu_release_device(), at BUS_NOTIFY_REMOVED_DEVICE) before the last put of an open file.
 */
export function phaseRemark({ phase }: OrderStep, timeline: TimelineName): string[] {
  return phase === 'drmm' && timeline === 'unplug-open'
    ? [say('the device is unbound and has left its IOMMU group')]
    : [];
}

/** A severity in words. */
export function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return say('error');
    case 'warning':
      return say('warning');
    case 'info':
      return say('info');
    case 'hint':
      return say('hint');
  }
}

const ranks: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** The worst of some severities, undefined when there is none. */
export function worst(severities: Iterable<Severity | undefined>): Severity | undefined {
  const all = new Set(severities);
  return ranks.find((severity) => all.has(severity));
}

export function steps(count: number): string {
  return count === 1 ? say('1 step') : say('{0} steps', count);
}

export function findings(count: number): string {
  return count === 1 ? say('1 finding') : say('{0} findings', count);
}

/** “3 of 41 steps” when some are hidden. */
export function countOf(shown: number, total: number): string {
  return shown === total ? steps(total) : say('{0} of {1}', shown, steps(total));
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
  return repeats === null ? undefined : say('loop: {0}', repeats);
}

/** What stands beside a step's name: the most telling first, because a side bar is narrow. */
export function stepDetails(step: OrderStep): string[] {
  const severity = worst(severitiesAt(step));
  const what = released(step);
  return [
    severity && severityWord(severity),
    markWords(step),
    what === undefined || step.by !== null ? undefined : withoutMarks(what),
    step.by === null ? undefined : say('by {0}', step.by),
    step.conditional ?? undefined,
    loop(step),
    step.scope === null ? undefined : scopeWords[step.scope],
    fileAndLine(step.registered),
    step.group === null ? undefined : say('group {0}', step.group),
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
  const word = first.kind === 'ends' ? say('used later') : say('uses what ended');
  const others = marks.length > 1 ? ` +${marks.length - 1}` : '';
  return `${word}${first.other === null ? '' : `: ${first.other}`}${others}`;
}

/** A step as a screen reader says it. */
export function spokenStep(step: OrderStep, number: number, total: number): string {
  const { registered, conditional } = step;
  const what = released(step);
  const { line } = registered.range.start;
  const words = [
    say('step {0} of {1}', number, total),
    stepName(step),
    ...step.findings.map(({ severity, message }) => `${severityWord(severity)}: ${message}`),
    ...step.marks.map(({ text }) => text),
    ...(what === undefined ? [] : [say('releases {0}', what)]),
    ...(step.scope === null ? [] : [scopeWords[step.scope]]),
    step.phase === 'remove'
      ? say('called in {0} line {1}', fileName(registered), line + 1)
      : say('registered in {0} line {1}', fileName(registered), line + 1),
    ...(conditional === null ? [] : [say('only {0}', conditional)]),
    ...(step.repeats === null ? [] : [say('repeated in {0}', step.repeats)]),
    ...(step.group === null ? [] : [say('in the devres group of {0}', step.group)]),
  ];
  return withoutMarks(words.join(', '));
}
