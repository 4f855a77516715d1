/** What a function that fails in probe leaves behind, over all the places at which it can. Plain data, no VS Code. */
import { say } from '#say';
import type { OrderEntry, OrderLeft, OrderTimeline } from '../../../server/src/lsp/protocol.ts';
import { grouped } from '../grouped.ts';
import type { Answer, AnswerItem, AnswerPart } from './order-answers.ts';
import { fileAndLine, steps as stepCount, timelineTitle } from './order-words.ts';

export interface FailingFunction {
  readonly name: string;
  /** The steps after which probe fails in it, from 1. */
  readonly places: readonly number[];
}

/** The functions in which probe can fail, from the outermost, each once. */
export function failingFunctions({ acquired }: OrderEntry): FailingFunction[] {
  const found = new Map<string, number[]>();
  for (const [index, { path }] of acquired.entries())
    for (const name of new Set(path)) found.set(name, [...(found.get(name) ?? []), index + 1]);
  return [...found].map(([name, places]) => ({ name, places }));
}

interface Leftover {
  readonly left: OrderLeft;
  /** At so many places it is left. */
  readonly times: number;
  /** The first of them, from 1 among the steps of probe. */
  readonly first: number;
  readonly most: number;
}

/**
 * @param failures what the server said of each place, in the order of `places`
 */
export function leftBy(
  module: string,
  entry: OrderEntry,
  { name, places }: FailingFunction,
  failures: readonly (OrderTimeline | null)[],
): Answer {
  const known = failures.filter((failure) => failure !== null);
  const all = leftovers(places, failures);
  const always = all.filter(({ times }) => times === known.length);
  const sometimes = all.filter(({ times }) => times < known.length);
  const given = known.map(({ steps }) => steps.length);
  return {
    question: say('What does a failing {0}() leave?', name),
    answer: sentence(all, always, sometimes, known.length),
    where: [module, entry.entry, timelineTitle('probe-fail')].join(' · '),
    parts: [
      part(say('left wherever it fails: {0}', always.length), always, known.length, entry),
      part(say('left at some places: {0}', sometimes.length), sometimes, known.length, entry),
    ].filter(({ items }) => items.length > 0),
    notes: [
      given.length === 0
        ? ''
        : say(
            'Given back are {0} when it fails first, up to {1} when it fails last.',
            stepCount(given[0] ?? 0),
            stepCount(Math.max(...given)),
          ),
      say('Left is what probe took before and of which no release was seen on the way out.'),
    ].filter((note) => note !== ''),
  };
}

function sentence(
  all: readonly Leftover[],
  always: readonly Leftover[],
  sometimes: readonly Leftover[],
  places: number,
): string {
  if (all.length === 0)
    return say('Nothing that was seen, at {0} places where it can fail.', places);
  return sometimes.length === 0
    ? say('Left wherever it fails ({0} places): {1}.', places, namesOf(always))
    : say(
        'Left wherever it fails ({0} places): {1}. At some of them also: {2}.',
        places,
        namesOf(always),
        namesOf(sometimes),
      );
}

/** The calls, each once. */
function namesOf(all: readonly Leftover[]): string {
  const counts = grouped(all, ({ left }) => left.name.replace(/\(.*$/, ''));
  const names = [...counts].map(([name, own]) =>
    own.length > 1 ? `${own.length} × ${name}` : name,
  );
  return names.length === 0 ? say('nothing') : names.join(', ');
}

/** In the order in which probe takes them. */
function leftovers(
  places: readonly number[],
  failures: readonly (OrderTimeline | null)[],
): Leftover[] {
  const found = new Map<string, Leftover>();
  for (const [index, failure] of failures.entries())
    for (const left of failure?.left ?? []) {
      const { uri, range } = left.location;
      const key = `${uri} ${range.start.line} ${range.start.character}`;
      const before = found.get(key);
      found.set(key, {
        left,
        times: (before?.times ?? 0) + 1,
        first: before?.first ?? places[index] ?? 0,
        most: Math.max(before?.most ?? 0, left.count),
      });
    }
  return [...found.values()];
}

function part(
  title: string,
  all: readonly Leftover[],
  total: number,
  { acquired }: OrderEntry,
): AnswerPart {
  return {
    title,
    look: 'main',
    items: all.map(({ left, times, first, most }): AnswerItem => {
      const after = acquired[first - 1]?.name ?? '';
      return {
        number: '',
        names: [{ text: left.name, location: left.location }],
        note: [
          left.kind,
          most > 1 ? say('on {0} ways', most) : '',
          times < total ? say('at {0} of {1} places, first after {2}', times, total, after) : '',
          fileAndLine(left.location),
        ]
          .filter((text) => text !== '')
          .join(' · '),
        more: left.conditional === null ? [] : [say('only {0}', left.conditional)],
        severity: undefined,
      };
    }),
  };
}
