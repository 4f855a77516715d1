/**
 * What stress kits showed in a real kernel (test/kernel/stress): the report of each recording is as it was read. The
 * driver with planted bugs lies beside; the others are in a kernel tree.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cli/support.ts';
import { skip } from '../skip.ts';
import { kernelTree } from './trees.ts';

interface Kit {
  readonly name: string;
  readonly source: string;
}

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'stress');
const { stress: kits } = JSON.parse(
  readFileSync(join(root, 'scripts/kernel-drivers/subjects.json'), 'utf8'),
) as { readonly stress: readonly Kit[] };

const recorded = kits.filter(({ name }) => existsSync(join(folder, `${name}.log`)));

/** What the kernel showed: how much more is predicted is up to the rules, and changes with them. */
function shown(report: string): string {
  return report
    .replace(/\d+ predicted hazards?: (\d+ seen), \d+ not shown, \d+ not tried/, '$1')
    .replace(/^ {2}not (?:shown|tried) .*\n(?: {13}.*\n)*/gm, '');
}

describe('stress kits in a real kernel', function () {
  this.timeout(120_000);
  const tree = kernelTree('6.12');

  it('have no recording that is of no kit', () => {
    const known = new Set(recorded.map(({ name }) => `${name}.log`));
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    assert.deepEqual(
      logs.filter((name) => !known.has(name)),
      [],
    );
    assert.ok(recorded.length > 0);
  });

  for (const { name, source } of recorded) {
    it(name, async function () {
      const isOurs = source.startsWith('test/');
      if (!isOurs && 'missing' in tree) return skip(this, tree.missing);
      const from = isOurs || 'missing' in tree ? root : tree.path;
      const log = join(folder, `${name}.log`);
      const { code, out, err } = await run(['order', source, '--log', log, '--no-cache'], from);
      // 1 where the kernel told of something, or a step differs.
      assert.equal(code, /^ {4}(?:KERNEL|[A-Z ]+ {2})|STOPPED|CUT OFF/m.test(out) ? 1 : 0, err);
      const file = join(folder, `${name}.txt`);
      // UPDATE_REPORTS=1 writes what is said now, to be read.
      if (process.env.UPDATE_REPORTS === '1') writeFileSync(file, out);
      assert.equal(shown(out), shown(readFileSync(file, 'utf8')));
    });
  }
});
