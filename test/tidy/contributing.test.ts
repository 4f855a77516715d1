/** The worked examples of CONTRIBUTING.md, done as they say: what they add is added in memory, and seen at work. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import type { CatalogData } from '../../server/src/core/catalog.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import type { Rule, RuleFinding } from '../../server/src/core/rules/rule.ts';
import { pageCases } from '../rules/page.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** The block that stands for a file. */
function block(file: string): string {
  for (const [, , info = '', text = ''] of page.matchAll(/^(`{3,4})(\w+ file=\S+)\n([^]*?)^\1$/gm))
    if (info.endsWith(` file=${file}`)) return text;
  throw new Error(`CONTRIBUTING.md has no ${file}`);
}

const entries = (file: string): Partial<CatalogData> => JSON.parse(block(file));

/** What the C of a block says, and what the engine finds in it. */
function compare(engine: Engine, file: string, fixes: boolean): void {
  const [one] = pageCases(`# ${file}\n\n\`\`\`c file=${file}\n${block(file)}\`\`\`\n`);
  assert.ok(one && one.expectations.length > 0);
  const { findings } = engine.analyze(one.files).report;
  assert.deepEqual(
    findings.map(({ place, severity, rule }) => ({ line: place.from.line + 1, severity, rule })),
    one.expectations.map(({ line, severity, rule }) => ({ line, severity, rule })),
  );
  if (fixes)
    assert.deepEqual(
      findings.map((finding) => finding.fixes.map(({ id }) => id)),
      one.expectations.map((expectation) => expectation.fixes),
    );
}

/** Nothing of the kind is said without the entries of the example. */
async function silentWithout(file: string): Promise<void> {
  const engine = await loadEngine();
  assert.deepEqual(engine.analyze(new Map([[file, block(file)]])).report.findings, []);
}

function checkSchema(file: string): void {
  const schema = JSON.parse(readFileSync(join(root, 'server/catalog/catalog.schema.json'), 'utf8'));
  const ajv = new Ajv({ allErrors: true });
  assert.ok(ajv.validate(schema, entries(file)), ajv.errorsText());
}

describe('CONTRIBUTING.md', () => {
  it('a rule: its page is what it finds', async () => {
    const id = 'action-without-data';
    const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-rule-'));
    try {
      // As if it lay among the rules, but nothing is written there.
      const home = pathToFileURL(join(root, 'server/src/core/rules/x.ts'));
      const code = block(`server/src/core/rules/${id}.ts`).replace(
        /from '(\.[^']+)'/g,
        (_, path: string) => `from '${new URL(path, home).href}'`,
      );
      const file = join(folder, 'rule.mts');
      writeFileSync(file, code);
      const { actionWithoutData } = (await import(pathToFileURL(file).href)) as {
        readonly actionWithoutData: Rule;
      };
      assert.ok(!rules.some((rule) => rule.id === actionWithoutData.id), 'it is an example');
      assert.equal(actionWithoutData.id, id);
      const engine = await loadEngine();
      const cases = pageCases(block(`server/src/core/rules/${id}.md`));
      const found = cases.map(({ files }) =>
        actionWithoutData.run(engine.analyze(files).pass).map(shown),
      );
      assert.deepEqual(
        found,
        cases.map(({ expectations }) =>
          expectations.map(({ line, severity }) => ({ line, severity })),
        ),
      );
      assert.deepEqual(
        found.map((list) => list.length > 0),
        [true, false],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('an API: the catalogue entry makes it known', async () => {
    const file = 'server/catalog/managed-devm-resources.json';
    checkSchema(file);
    await silentWithout('acme.c');
    compare(await loadEngine(undefined, [entries(file)]), 'acme.c', true);
  });

  it("a driver's BO functions: the entries make them known", async () => {
    const file = 'server/catalog/bos-acme.json';
    checkSchema(file);
    await silentWithout('acme_fw.c');
    compare(await loadEngine(undefined, [entries(file)]), 'acme_fw.c', true);
  });

  it('every file that an example names lies where others of its kind do', () => {
    for (const [, file = ''] of page.matchAll(/^`{3,4}\w+ file=(server\/\S+)$/gm))
      assert.match(
        file,
        /^server\/(?:src\/core\/rules|catalog)\/[a-z-]+\.(?:ts|md|json)$/,
        basename(file),
      );
  });
});

function shown({ place, severity }: RuleFinding): { line: number; severity: string } {
  return { line: place.from.line + 1, severity };
}
