/** Every rule's page is run: what its code blocks say is what the engine finds, and what its fixes leave. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../server/src/core/result.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { applyEdits } from '../../server/src/core/text.ts';
import { type Engine, loadEngine } from '../support/engine.ts';
import { type Expectation, pageCases } from './page.ts';

const folder = join(import.meta.dirname, '../../server/src/core/rules');
const headings = [
  'Why it is bad',
  'Example',
  'Use instead',
  'When the fix is safe',
  'Silent on',
  'Known limits',
  'References',
];

function described(finding: Finding): string {
  return `${finding.place.file}:${finding.place.from.line + 1} ${finding.severity}: ${finding.rule}`;
}

function expected({ file, line, severity, rule }: Expectation): string {
  return `${file}:${line} ${severity}: ${rule}`;
}

describe('rule pages', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  it('each rule has a page and each page a rule', () => {
    const pages = readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.slice(0, -3))
      .sort();
    assert.deepEqual(pages, rules.map((rule) => rule.id).sort());
    assert.deepEqual(
      rules.map((rule) => rule.id),
      rules.map((rule) => rule.id).sort(),
      'rules are listed by id',
    );
  });

  for (const rule of rules) {
    const page = readFileSync(join(folder, `${rule.id}.md`), 'utf8');
    describe(rule.id, () => {
      it('has every heading', () => {
        for (const heading of headings) assert.match(page, new RegExp(`^## ${heading}$`, 'm'));
        assert.ok(page.startsWith(`# ${rule.id}\n`));
      });
      const cases = pageCases(page);
      it('shows the rule at work and at rest', () => {
        assert.ok(cases.some((one) => one.expectations.some((e) => e.rule === rule.id)));
        assert.ok(cases.some((one) => one.expectations.length === 0));
      });
      for (const one of cases) {
        it(one.title, () => {
          const findings = engine.analyze(one.files).report.findings;
          assert.deepEqual(findings.map(described), one.expectations.map(expected));
          for (const [i, expectation] of one.expectations.entries())
            checkFixes(findings[i], expectation);
          for (const [id, texts] of one.after) checkAfter(findings[0], id, one.files, texts);
        });
      }
    });
  }

  function checkFixes(finding: Finding | undefined, { fixes, manual }: Expectation): void {
    assert.ok(finding);
    assert.ok(finding.chain.length >= 2, 'a finding carries its chain');
    assert.deepEqual(
      finding.fixes.filter((fix) => fix.safety !== 'manual').map((fix) => fix.id),
      fixes,
    );
    const reasons = finding.fixes
      .filter((fix) => fix.safety === 'manual')
      .map((fix) => fix.reason ?? '');
    if (manual === null) assert.deepEqual(reasons, []);
    else
      assert.ok(
        reasons.some((reason) => reason.includes(manual)),
        `no reason says "${manual}": ${reasons.join('; ')}`,
      );
  }

  function checkAfter(
    finding: Finding | undefined,
    id: string,
    before: ReadonlyMap<string, string>,
    texts: ReadonlyMap<string, string>,
  ): void {
    const fix = finding?.fixes.find((one) => one.id === id);
    assert.ok(fix, `no fix ${id}`);
    const fixed = new Map(before);
    for (const { file, edits } of fix.edits)
      fixed.set(file, applyEdits(before.get(file) ?? '', edits));
    for (const [file, text] of texts) assert.equal(fixed.get(file), text);
    assert.deepEqual(
      [...fixed]
        .filter(([file, text]) => text !== before.get(file))
        .map(([file]) => file)
        .sort(),
      [...texts.keys()].sort(),
    );
    assert.deepEqual(
      engine.analyze(fixed).report.findings.map(described),
      [],
      'the fixed code is clean',
    );
  }
});
