/** What the kernel still runs when remove() has returned, and until when. Plain data, no VS Code. */
import { say } from '#say';
import type { OrderEntry, OrderRunner, OrderTimeline } from '../../../server/src/lsp/protocol.ts';
import { grouped } from '../grouped.ts';
import {
  type Answer,
  type AnswerItem,
  type AnswerName,
  type AnswerPart,
  findingLine,
  timelineOf,
  whereOf,
} from './order-answers.ts';
import { endOf, type RunnerEnd } from './order-ends.ts';
import { stepName, withoutMarks, worst } from './order-words.ts';

/** In the order in which they come; what has no end that was seen comes first, it is the worst. */
const ends = ['unseen', 'last-put', 'devm'] as const;

function endTitle(end: RunnerEnd, count: number): string {
  switch (end) {
    case 'unseen':
      return say('without an end that was seen: {0}', count);
    case 'last-put':
      return say('until the last drm_dev_put(), past unbind: {0}', count);
    case 'devm':
      return say('until devm releases, within unbind: {0}', count);
    case 'remove':
      return say('over when remove() is done: {0}', count);
  }
}

/** What the kernel can still run when remove() has returned. */
export function stillRunning(module: string, entry: OrderEntry): Answer | undefined {
  const timeline = timelineOf(entry, 'unplug-open');
  if (timeline === undefined) return undefined;
  const of = (end: RunnerEnd): OrderRunner[] =>
    timeline.runners.filter((runner) => endOf(runner, timeline.steps) === end);
  const part = (end: RunnerEnd): AnswerPart => ({
    title: endTitle(end, of(end).length),
    look: end === 'unseen' ? 'main' : end === 'remove' ? 'closed' : 'wide',
    items: runnerItems(of(end), timeline),
  });
  const over = of('remove').length;
  return {
    question: say('What still runs after remove()?'),
    answer: say(
      '{0} of {1} functions that run by themselves: {2} until devm releases, {3} until the last drm_dev_put(), {4} without an end that was seen. remove() stops {5}.',
      timeline.runners.length - over,
      timeline.runners.length,
      of('devm').length,
      of('last-put').length,
      of('unseen').length,
      over === 0
        ? say('none')
        : of('remove')
            .map(({ name }) => name)
            .join(', '),
    ),
    where: whereOf(entry, module, 'unplug-open'),
    parts: ends.map(part).filter(({ items }) => items.length > 0),
    notes: entry.notes,
  };
}

/** Each with a finding by itself, the others by the step that ends them. */
function runnerItems(runners: readonly OrderRunner[], timeline: OrderTimeline): AnswerItem[] {
  const told = runners.filter(({ marks }) => marks.length > 0);
  const quiet = runners.filter(({ marks }) => marks.length === 0);
  const inOrder = quiet.toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0));
  const groups = [...grouped(inOrder, ({ until, kind }) => `${kind} ${until}`).values()];
  return [...told.map((one) => [one]), ...groups].map((own) => {
    const marks = own.flatMap((one) => one.marks);
    return {
      number: '',
      names: own.map(runnerName),
      note: endNote(own[0]!, timeline),
      more: marks.map(({ finding }) => findingLine(finding)),
      severity: worst(marks.map(({ finding }) => finding.severity)),
    };
  });
}

/** Of a table's function the member says what it is. */
function runnerName({ name, what, location }: OrderRunner): AnswerName {
  const [member] = /^\.\w+/.exec(withoutMarks(what)) ?? [];
  return { text: name, location, ...(member === undefined ? {} : { what: member }) };
}

function endNote({ until, kind, what }: OrderRunner, { steps }: OrderTimeline): string {
  const step = until === null ? undefined : steps[until - 1];
  const words = kind === 'open-file' ? say('called by an open file') : withoutMarks(what);
  if (step === undefined) return words;
  return [words, say('until {0}. {1}', until ?? 0, stepName(step))].join(' · ');
}
