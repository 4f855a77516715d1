/** What the rules find in a kernel tree, as the scores want it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../server/src/core/result.ts';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { moduleKey } from '../../server/src/host/modules.ts';
import { openProject } from '../../server/src/host/open.ts';
import { rootOf } from '../../server/src/host/root.ts';
import type { FoundOne, Spot } from './accuracy-score.ts';

/** Where the tree lies; the process ends when there is none. */
export function treeOf(version: string, ...options: string[]): string {
  const script = join(import.meta.dirname, '../fetch-kernel.sh');
  const { status, stdout, stderr } = spawnSync(script, [...options, version], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  console.error(
    `no kernel ${version}: ${stderr.trim().split('\n').pop() ?? 'the fetch script did not run'}`,
  );
  process.exit(2);
}

/** What to read of a tree: whole folders, or the modules that build some files. */
export type Part = { readonly folders: readonly string[] } | { readonly files: readonly string[] };

export async function findingsOf(
  version: string,
  tree: string,
  part: Part,
): Promise<(FoundOne & { readonly message: string })[]> {
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(tree),
    configuration: emptyConfiguration,
  });
  const isThere = (path: string) => existsSync(join(tree, path));
  const modules =
    'folders' in part
      ? part.folders.filter(isThere).flatMap((folder) => project.modulesUnder(folder))
      : part.files.filter(isThere).flatMap((file) => project.modulesOf(file));
  const wanted = [...new Map(modules.map((module) => [moduleKey(module), module])).values()];
  const found = new Map<string, FoundOne & { readonly message: string }>();
  for await (const result of project.analyseAll(wanted)) {
    for (const one of result.findings) {
      // A file that two modules build is one file.
      found.set(`${one.rule} ${one.place.file} ${one.place.start} ${one.fingerprint}`, {
        tree: version,
        rule: one.rule,
        severity: one.severity,
        file: one.place.file,
        function: one.function,
        line: one.place.from.line + 1,
        message: one.message,
        chain: chainOf(one),
      });
      for (const also of one.also ?? [])
        found.set(`${also.rule} ${also.place.file} ${also.place.start} ${also.fingerprint}`, {
          tree: version,
          rule: also.rule,
          severity: also.severity,
          file: also.place.file,
          function: also.function,
          line: also.place.from.line + 1,
          message: also.message,
          chain: chainOf(one),
          within: true,
        });
    }
  }
  return [...found.values()];
}

function chainOf({ chain }: Finding): readonly Spot[] {
  return chain.map((link) => ({ file: link.place.file, function: link.function }));
}
