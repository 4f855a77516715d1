/** Where the comment goes that silences a finding, and that it does. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeholderReason } from '../../server/src/core/facts/suppressions.ts';
import { ignoreFix } from '../../server/src/core/ignore-comment.ts';
import { applyEdits } from '../../server/src/core/text.ts';
import { pageCases } from '../rules/page.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const pages = join(import.meta.dirname, '../../server/src/core/rules');

const call = 'drmm_mutex_init(&foo->drm, &foo->lock);';

/** What a user does with the words that are offered: says why. */
const withReason = (text: string): string => text.replace(placeholderReason, 'they die together');

describe('the comment that ignores a finding', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  const analyse = (text: string) => engine.analyze(new Map([['a.c', text]]), { severities: {} });
  /** The text with the comment (as `#`) for its first finding, which must be gone then. */
  const ignored = (text: string): string => {
    const {
      report,
      pass: { program },
    } = analyse(text);
    const [finding] = report.findings;
    assert.ok(finding, text);
    const fix = ignoreFix(finding, text, program.files[0]?.functions ?? []);
    const edit = fix?.edits[0]?.edits[0];
    assert.ok(edit, 'no fix');
    const after = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
    const rulesIn = (changed: string): string[] =>
      analyse(changed).report.findings.map(({ rule }) => rule);
    assert.deepEqual(rulesIn(withReason(after)), [], after);
    assert.deepEqual(rulesIn(after), ['suppression-without-reason'], after);
    return after.replace(/\/\* driver-teardown: ignore [\w-]+ -- why this is right \*\//, '#');
  };
  const body = (...lines: string[]) =>
    `static void foo_init(struct foo *foo)\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;
  const placed = (...lines: string[]) =>
    ignored(body(...lines))
      .split('\n')
      .slice(2, -2)
      .map((line) => line.slice(1));

  it('goes above the line, or above the statement that the line continues', () => {
    assert.deepEqual(placed('a();', call, 'b();'), ['a();', '#', call, 'b();']);
    assert.deepEqual(placed('if (foo->on)', `\t${call}`), ['#', 'if (foo->on)', `\t${call}`]);
    assert.deepEqual(placed('if (foo->on &&', '    foo->x)', `\t${call}`), [
      '#',
      'if (foo->on &&',
      '    foo->x)',
      `\t${call}`,
    ]);
    assert.deepEqual(placed('for (i = 0; i < 2; i++)', `\t${call}`), [
      '#',
      'for (i = 0; i < 2; i++)',
      `\t${call}`,
    ]);
    assert.deepEqual(placed('(void)', `\t${call}`), ['#', '(void)', `\t${call}`]);
    assert.deepEqual(placed('drmm_mutex_init(&foo->drm,', '\t&foo->lock);'), [
      '#',
      'drmm_mutex_init(&foo->drm,',
      '\t&foo->lock);',
    ]);
  });

  it('stays below labels, else and directives', () => {
    assert.deepEqual(placed('switch (foo->x) {', 'case 1:', `\t${call}`, '}'), [
      'switch (foo->x) {',
      'case 1:',
      '\t#',
      `\t${call}`,
      '}',
    ]);
    assert.deepEqual(placed('goto out;', 'out:', call), ['goto out;', 'out:', '#', call]);
    assert.deepEqual(placed('if (foo->x)', '\ta();', 'else', `\t${call}`), [
      'if (foo->x)',
      '\ta();',
      'else',
      '\t#',
      `\t${call}`,
    ]);
    assert.deepEqual(placed('if (foo->x) {', '\ta();', '} else if (foo->y)', `\t${call}`), [
      'if (foo->x) {',
      '\ta();',
      '} else if (foo->y)',
      '\t#',
      `\t${call}`,
    ]);
    assert.deepEqual(
      ignored(
        `static void foo_init(struct foo *foo)\n{\n#ifdef A // (\n\t${call}\n#endif\n}\n`,
      ).split('\n')[3],
      '\t#',
    );
  });

  it('shares the line of what shares its own with something else', () => {
    assert.deepEqual(placed(`if (foo->x) { a(); } else { ${call} }`), [
      `if (foo->x) { a(); } else { ${call} } #`,
    ]);
    assert.deepEqual(placed(`a(); ${call}`), [`a(); ${call} #`]);
  });

  it('keeps carriage returns', () => {
    assert.equal(ignored(body('a();', call).replaceAll('\n', '\r\n')).split('\r\n')[3], '\t#');
  });

  it('silences every finding of the rule pages and makes no new one', () => {
    let count = 0;
    for (const name of readdirSync(pages).filter((file) => file.endsWith('.md'))) {
      for (const { files } of pageCases(readFileSync(join(pages, name), 'utf8'))) {
        const {
          report,
          pass: { program },
        } = engine.analyze(files);
        for (const finding of report.findings) {
          const { file } = finding.place;
          const text = files.get(file) ?? '';
          const fix = ignoreFix(
            finding,
            text,
            program.files.find(({ path }) => path === file)?.functions ?? [],
          );
          if (/suppression/.test(finding.rule)) {
            assert.equal(fix, undefined);
            continue;
          }
          assert.ok(fix, `${name}: ${finding.message}`);
          const after = new Map(files).set(
            file,
            withReason(applyEdits(text, fix.edits[0]?.edits ?? [])),
          );
          const left = engine.analyze(after).report.findings.map(({ fingerprint }) => fingerprint);
          const others = report.findings
            .map(({ fingerprint }) => fingerprint)
            .filter((one) => one !== finding.fingerprint);
          assert.ok(!left.includes(finding.fingerprint), after.get(file));
          assert.deepEqual(
            left.filter((one) => !others.includes(one)),
            [],
            after.get(file),
          );
          count++;
        }
      }
    }
    assert.ok(count > 50, `${count}`);
  });
});
