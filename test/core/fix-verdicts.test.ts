/** Verdicts on fixes: of one edit of one finding, and asked for again where the edit has changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editName, type JudgedOffer } from '../../scripts/fixes/judged-offers.ts';
import { patchesText } from '../../scripts/fixes/patches.ts';
import {
  joined,
  readByHand,
  readTrees,
  type Verdict,
  verdictsOn,
} from '../../scripts/fixes/verdicts.ts';

const diff = (line: number, put: string): string =>
  `--- a/a.c\n+++ b/a.c\n@@ -${line},3 +${line},3 @@\n context ${line}\n-old\n+${put}\n`;
const offer = (edit: string, fingerprint = 'f'): JudgedOffer =>
  ({
    finding: { fingerprint, rule: 'r', function: 'init', place: { file: 'a.c' } },
    fix: { id: 'to-devm' },
    edit,
  }) as unknown as JudgedOffer;
const verdict = {
  file: 'a.c',
  function: 'init',
  rule: 'r',
  fix: 'to-devm',
  edit: 'e1',
} as Verdict;

describe('docs/fixes.md', () => {
  it('prints the patches as they are made now', async function () {
    this.timeout(60_000);
    const text = readFileSync(join(import.meta.dirname, '../../docs/fixes.md'), 'utf8');
    assert.ok(text.includes((await patchesText()).join('\n').trimEnd()), 'npm run fixes:document');
    assert.ok(text.includes(readByHand().join('\n').trimEnd()), 'npm run fixes:document');
  });

  it("has a reason for each row that has not upstream's fix", () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/fixes.md'), 'utf8');
    assert.doesNotMatch(text, /not looked into/);
  });
});

describe('verdicts on fixes', () => {
  it('an edit keeps its name where it moves, and gets another when it changes', () => {
    assert.equal(editName(diff(1, 'new')), editName(diff(99, 'new')));
    assert.notEqual(editName(diff(1, 'new')), editName(diff(1, 'newer')));
  });

  it('a changed edit is asked for again', () => {
    assert.equal(joined([offer('e1')], [verdict]).known.length, 1);
    assert.equal(joined([offer('e2')], [verdict]).asked.length, 1);
  });

  it('a finding in other words keeps the verdict on its edit', () => {
    assert.equal(joined([offer('e1', 'other')], [verdict]).known.length, 1);
  });

  it('of those that are offered none is wrong and called safe, and at most 3 % are wrong', () => {
    const rows = readTrees.flatMap((tree) => verdictsOn(tree));
    const offered = rows.filter(({ now }) => now !== 'refused');
    const wrong = offered.filter((one) => one.verdict === 'wrong');
    assert.ok(offered.length > 150);
    assert.deepEqual(
      wrong.filter(({ now }) => now === 'safe'),
      [],
    );
    assert.ok(wrong.length <= 0.03 * offered.length, `${wrong.length} of ${offered.length}`);
    for (const { why } of rows) assert.ok(why.length > 5);
  });
});
