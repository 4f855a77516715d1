/** The patches that docs/fixes.md prints in full: of modules in test/truth/fixes, which we wrote. */
import { join } from 'node:path';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import { patchOf } from '../../server/src/host/patches.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { judgedFixes } from '../../server/src/host/what-if.ts';

/** The module, and the fix that is taken for the first finding that has it. */
const shown: readonly (readonly [module: string, fix: string])[] = [
  ['split-undone', 'split'],
  ['ladder-through-function', 'split-ladder'],
  ['emptied-function', 'delete-call'],
];

async function patchFor(module: string, id: string): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', 'test', 'truth', 'fixes', module);
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(folder),
    configuration: emptyConfiguration,
  });
  await project.prepare();
  for (const one of project.modulesUnder('')) {
    const base = await project.analyse(one);
    for (const finding of base.findings) {
      const fixes = await judgedFixes(project, base, finding);
      const fix = fixes.find((other) => other.id === id && other.edits.length > 0);
      if (!fix) continue;
      const options = { git: undefined, date: new Date(0), version: '0' };
      const patch = await patchOf(project, base, finding, fix, options);
      if (typeof patch !== 'string') return patch.bytes.toString('utf8').trimEnd();
    }
  }
  throw new Error(`no fix ${id} in ${module}`);
}

/** The section of docs/fixes.md. */
export async function patchesText(): Promise<string[]> {
  const out = [
    'As `fix --patch-file` writes them, for modules of `test/truth/fixes`: a callback in two halves, the way out of a',
    'failed registration, and a cleanup by hand with the functions that it leaves empty.',
    '',
  ];
  for (const [module, id] of shown) {
    const fence = '````';
    out.push(`### ${module}: ${id}`, '', `${fence}diff`, await patchFor(module, id), fence, '');
  }
  return out;
}
