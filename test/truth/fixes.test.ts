/**
 * The modules in `fixes`, each of a kind where a fix that looks right is not: what is offered for it, and
 * what is only told.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { judgedFixes, textsAfter } from '../../server/src/host/what-if.ts';

interface Expected {
  /** `function rule fix safety` of each that is offered. */
  readonly offered: readonly string[];
  /** Words of the reasons of what is told, by function. */
  readonly told?: Readonly<Record<string, string>>;
  /** Lines that the text has after the first fix that is offered, in this order. */
  readonly after?: readonly string[];
  /** Lines that it has no more. */
  readonly gone?: readonly string[];
}

const folder = join(import.meta.dirname, 'fixes');

describe('fixes of a kind that can be wrong', () => {
  for (const name of readdirSync(folder).sort())
    it(name, async function () {
      this.timeout(60_000);
      const expected = JSON.parse(
        readFileSync(join(folder, name, 'expected.json'), 'utf8'),
      ) as Expected;
      const { project } = openProject({
        assets: findAssets(import.meta.dirname),
        root: rootOf(join(folder, name)),
        configuration: emptyConfiguration,
      });
      await project.prepare();
      const offered: string[] = [];
      const reasons: string[] = [];
      const texts: string[] = [];
      for (const module of project.modulesUnder('')) {
        const base = await project.analyse(module);
        for (const finding of base.findings)
          for (const fix of await judgedFixes(project, base, finding)) {
            const at = `${finding.function} ${finding.rule} ${fix.id}`;
            if (fix.edits.length === 0) reasons.push(`${finding.function}: ${fix.reason ?? ''}`);
            else {
              offered.push(`${at} ${fix.safety}`);
              texts.push([...(textsAfter(project, fix.edits)?.values() ?? [])].join('\n'));
            }
          }
      }
      assert.deepEqual(offered, expected.offered);
      for (const [fn, words] of Object.entries(expected.told ?? {}))
        assert.ok(
          reasons.some((reason) => reason.startsWith(`${fn}:`) && reason.includes(words)),
          `no reason of ${fn} says "${words}": ${reasons.join('\n')}`,
        );
      let at = 0;
      for (const line of expected.after ?? []) {
        const found = texts[0]?.indexOf(line, at) ?? -1;
        assert.ok(found >= 0, `no "${line}" in\n${texts[0] ?? ''}`);
        at = found;
      }
      for (const line of expected.gone ?? []) assert.ok(!texts[0]?.includes(line), line);
    });
});
