/** What an answer says of an order, and its page. */
import assert from 'node:assert/strict';
import {
  type Answer,
  aroundStep,
  lateObjects,
  timelineOf,
} from '../../../client/src/features/order-answers.ts';
import { failingFunctions, leftBy } from '../../../client/src/features/order-answers-failure.ts';
import { answerPage } from '../../../client/src/features/order-answers-page.ts';
import { stillRunning } from '../../../client/src/features/order-answers-runners.ts';
import type {
  OrderEntry,
  OrderLeft,
  OrderRunner,
  OrderTimeline,
} from '../../../server/src/lsp/protocol.ts';
import { finding, order, place, step } from './order-data.ts';

const steps = [
  step('stop', 'remove', 1),
  { ...step('bo_one', 'devm', 2), kind: 'bo', bos: ['x->one'] },
  { ...step('bo_two', 'devm', 3), kind: 'bo', bos: ['x->two'] },
  { ...step('lock', 'drmm', 4), by: 'foo_lock' },
  { ...step('fini', 'drmm', 5), bos: ['m->bo'], findings: [finding('error', '`m->bo` late')] },
  step('last', 'drmm', 6),
];

function entryWith(change: Partial<OrderTimeline>, more: Partial<OrderEntry> = {}): OrderEntry {
  const [entry] = order(...steps).entries;
  assert.ok(entry);
  return { ...entry, timelines: entry.timelines.map((one) => ({ ...one, ...change })), ...more };
}

function namesIn(answer: Answer | undefined): string[][] {
  return (answer?.parts ?? []).map(({ items }) =>
    items.flatMap(({ names }) => names.map(({ text }) => text)),
  );
}

describe('answers to what a reader asks of an order', () => {
  it('say what ends before a step, and after it, by name', () => {
    const runs = [{ from: 2, count: 2, name: '2 managed BOs', things: 'x->one …' }];
    const entry = entryWith({ runs });
    const timeline = timelineOf(entry, 'unplug-open');
    assert.ok(timeline);
    const answer = aroundStep('m', entry, timeline, 'fini');
    assert.equal(
      answer?.answer,
      'fini(m) is step 5 of 6. Before it: 1 in remove(), 2 in devm, 1 in drmm. After it: 1 in drmm.',
    );
    assert.deepEqual(namesIn(answer), [
      ['stop(m)'],
      ['bo_one(m)', 'bo_two(m)'],
      ['lock(m)'],
      ['fini(m)'],
      ['last(m)'],
    ]);
    assert.equal(answer.parts[1]?.items[0]?.number, '2–3');
    assert.deepEqual(answer.parts[3]?.items[0]?.more, ['error: `m->bo` late [some-rule]']);
    assert.equal(answer.parts[4]?.look, 'closed');
    assert.equal(aroundStep('m', entry, timeline, 'gone'), undefined);
  });

  it('say nothing comes before the first step', () => {
    const entry = entryWith({});
    const answer = aroundStep('m', entry, timelineOf(entry, 'unbind')!, 'stop');
    assert.match(answer?.answer ?? '', /Before it: nothing\. After it: 2 in devm, 3 in drmm\.$/);
  });

  it('tell the buffer objects that end late from those that end in time', () => {
    const answer = lateObjects('m', entryWith({}));
    assert.match(answer?.answer ?? '', /^1 of 3 buffer objects: m->bo\./);
    assert.deepEqual(namesIn(answer), [['m->bo'], ['x->one', 'x->two']]);
    const early = entryWith({ steps: steps.slice(0, 3) });
    assert.match(lateObjects('m', early)?.answer ?? '', /^None that was seen: 2 buffer objects/);
  });

  it('tell what still runs after remove(), by its end', () => {
    const runner = (name: string, until: number | null): OrderRunner => ({
      id: name,
      kind: 'work',
      name,
      what: 'work item or timer',
      location: place(8),
      until,
      marks: [],
    });
    const runners = [runner('a', 1), runner('b', 2), runner('c', 5), runner('d', null)];
    const answer = stillRunning('m', entryWith({ runners: [...runners, runner('e', 2)] }));
    assert.equal(
      answer?.answer,
      '4 of 5 functions that run by themselves: 2 until devm releases, 1 until the last drm_dev_put(), 1 without an end that was seen. remove() stops a.',
    );
    assert.deepEqual(namesIn(answer), [['d'], ['c'], ['b', 'e']]);
    assert.equal(answer?.parts[2]?.items[0]?.note, 'work item or timer · until 2. bo_one(m)');
  });

  it('join what a failing function leaves over the places where it can fail', () => {
    const at = (id: string, path: readonly string[]) => ({
      id,
      name: `${id}(m)`,
      fails: null,
      path,
    });
    const acquired = [
      at('one', ['init']),
      at('two', ['init', 'part']),
      at('three', ['init', 'part']),
    ];
    const entry = entryWith({}, { acquired });
    const functions = failingFunctions(entry);
    assert.deepEqual(functions, [
      { name: 'init', places: [1, 2, 3] },
      { name: 'part', places: [2, 3] },
    ]);
    const left = (name: string, line: number, count = 1): OrderLeft => ({
      name,
      kind: 'clock',
      location: place(line),
      conditional: null,
      count,
    });
    const failure = (...all: OrderLeft[]) => ({ ...entry.timelines[0]!, left: all });
    const failures = [
      failure(left('get(a)', 1)),
      failure(left('get(a)', 1), left('get(b)', 2)),
      failure(left('get(a)', 1), left('get(b)', 2, 3)),
    ];
    const answer = leftBy('m', entry, functions[0]!, failures);
    assert.equal(
      answer.answer,
      'Left wherever it fails (3 places): get. At some of them also: get.',
    );
    assert.deepEqual(namesIn(answer), [['get(a)'], ['get(b)']]);
    assert.match(
      answer.parts[1]?.items[0]?.note ?? '',
      /on 3 ways · at 2 of 3 places, first after two\(m\)/,
    );
    const none = leftBy('m', entry, functions[1]!, [failure(), failure()]);
    assert.match(none.answer, /^Nothing that was seen, at 2 places/);
  });

  it('stand on a page whose names lead to their places', () => {
    const entry = entryWith({});
    const answer = aroundStep('<m>', entry, timelineOf(entry, 'unplug-open')!, 'fini');
    const { html, places } = answerPage(answer!, 'abc');
    assert.match(html, /<p class="answer">fini\(m\) is step 5 of 6/);
    assert.match(html, /&lt;m&gt; · probe/);
    assert.match(html, /<details><summary>after: /);
    assert.match(html, /error: <code>m-&gt;bo<\/code> late/);
    assert.deepEqual(
      [...html.matchAll(/data-place="(\d+)"/g)].map(([, at]) => places[Number(at)]),
      steps.map(({ registered }) => registered),
    );
  });
});
