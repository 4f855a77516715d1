/** The judge of fixes: what counts as gone, as new, and as safe. */
import assert from 'node:assert/strict';
import { compareFindings, together } from '../../server/src/core/fixes/fix-effect.ts';
import { judged, noticeAlone, withPreference } from '../../server/src/core/fixes/judge.ts';
import { holesIn } from '../../server/src/core/fixes/text/holes.ts';
import { tokensOf } from '../../server/src/core/fixes/text/tokens.ts';
import type { Finding, Fix, Severity } from '../../server/src/core/result.ts';

const finding = (fingerprint: string, more: Partial<Finding> = {}): Finding => ({
  rule: 'release-order-inverted',
  severity: 'warning',
  confidence: 'likely',
  place: {
    file: 'a.c',
    start: 0,
    end: 1,
    from: { line: 0, character: 0 },
    to: { line: 0, character: 1 },
  },
  function: fingerprint,
  message: fingerprint,
  timelines: [],
  chain: [],
  fixes: [],
  fingerprint,
  ...more,
});

const fix: Fix = {
  id: 'to-devm',
  title: 'Convert',
  safety: 'safe',
  preferred: true,
  edits: [{ file: 'a.c', edits: [] }],
  creates: [],
};

const one = finding('one');
const judgedAfter = (list: readonly Finding[], damages?: string): Fix =>
  judged(fix, one, { whatIf: compareFindings([one, finding('two')], list), damages });

describe('judge of fixes', () => {
  it('safe: the finding is gone, nothing came', () => {
    assert.deepEqual(judgedAfter([finding('two')]), fix);
  });

  it('says what to know without what it creates, for who lists that beside it', () => {
    const notice = 'look at `x`; it creates 2: warning: a; hint: b; c';
    const made = { ...fix, creates: ['a', 'b'], notice };
    assert.equal(noticeAlone(made), 'look at `x`');
    assert.equal(noticeAlone({ ...made, notice: 'it creates 2: warning: a; hint: b' }), null);
    assert.equal(noticeAlone({ ...fix, notice: 'look' }), 'look');
    assert.equal(noticeAlone(fix), null);
  });

  for (const severity of ['error', 'warning'] as Severity[]) {
    it(`told, not done: a new ${severity} in place of a warning`, () => {
      const result = judgedAfter([finding('two'), finding('new', { severity })]);
      assert.deepEqual([result.safety, result.edits, result.preferred], ['manual', [], false]);
      assert.match(result.reason ?? '', /no better: it creates 1: (error|warning): new/);
    });
  }

  it('unsafe and not preferred: a new warning in place of an error', () => {
    const grave = finding('grave', { severity: 'error' });
    const whatIf = compareFindings([grave], [finding('new')]);
    const result = judged(fix, grave, { whatIf, damages: undefined });
    assert.deepEqual([result.safety, result.preferred, result.creates], ['unsafe', false, ['new']]);
  });

  for (const severity of ['info', 'hint'] as Severity[]) {
    it(`unsafe and not preferred: a new ${severity}`, () => {
      const result = judgedAfter([finding('two'), finding('new', { severity })]);
      assert.deepEqual(
        [result.safety, result.preferred, result.creates],
        ['unsafe', false, ['new']],
      );
    });
  }

  it('a deletion is told only where what it was there for comes', () => {
    const deletion: Fix = { ...fix, id: 'delete-call', safety: 'unsafe' };
    const judgedWith = (severity: Severity): Fix =>
      judged(deletion, one, {
        whatIf: compareFindings([one], [finding('new', { severity })]),
        damages: undefined,
      });
    assert.deepEqual([judgedWith('error').safety, judgedWith('error').edits], ['manual', []]);
    assert.match(judgedWith('error').reason ?? '', /creates 1: error: new/);
    assert.equal(judgedWith('hint').safety, 'unsafe');
  });

  it('unsafe: the finding stays', () => {
    assert.match(judgedAfter([one, finding('two')]).notice ?? '', /does not remove/);
  });

  it('told, not done: the finding changes its words only', () => {
    const reworded = judgedAfter([finding('two'), finding('other', { function: 'one' })]);
    assert.deepEqual([reworded.safety, reworded.edits], ['manual', []]);
  });

  it('told, not done: another one gets worse', () => {
    assert.equal(judgedAfter([finding('two', { severity: 'error' })]).safety, 'manual');
  });

  it('of two alike the second takes the name of the first', () => {
    const alike = finding('one#2', { function: 'one', message: 'one' });
    const whatIf = compareFindings([one, alike], [one]);
    assert.equal(judged(fix, one, { whatIf, damages: undefined }).safety, 'safe');
  });

  it('no edits: a text that does not parse', () => {
    const result = judgedAfter([finding('two')], 'a.c');
    assert.deepEqual([result.safety, result.edits, result.preferred], ['manual', [], false]);
  });

  it('several modules count as one', () => {
    const both = together([
      compareFindings([one], []),
      compareFindings([one], [finding('new')]),
      compareFindings([one], [finding('new')]),
    ]);
    assert.deepEqual([both.removes.length, both.creates.length], [1, 1]);
  });

  it('a safe one takes the place of a choice that did not stand', () => {
    const bad: Fix = { ...fix, safety: 'unsafe', preferred: false };
    const good: Fix = { ...fix, id: 'keep', preferred: false };
    assert.deepEqual(
      withPreference([bad, good]).map(({ preferred }) => preferred),
      [false, true],
    );
    assert.deepEqual(
      withPreference([bad, bad]).map(({ preferred }) => preferred),
      [false, false],
    );
  });

  for (const [text, holes] of [
    ['struct drm_device *dev = &foo->drm;', 0],
    ['struct drm_device *dev = ;', 1],
    ['f(a, , b);', 1],
    ['f(, b);', 1],
    ['f(a, );', 1],
    ['int x[] = { 1, 2, };', 0],
    ['if (a) { f();', 1],
  ] as const)
    it(`holes in \`${text}\`: ${holes}`, () => assert.equal(holesIn(tokensOf(text)), holes));
});
