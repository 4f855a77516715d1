/** The functions that Universal Ctags finds: a reader of C that shares nothing with ours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Tag {
  readonly name: string;
  /** One-based. */
  readonly line: number;
  readonly path: string;
}

/**
 * @param tree the folder that the paths count from
 * @returns why there is no answer, where there is none
 */
export function functionsByCtags(tree: string, paths: readonly string[]): readonly Tag[] | string {
  const folder = mkdtempSync(join(tmpdir(), 'ctags-'));
  const names = join(folder, 'files');
  writeFileSync(names, paths.join('\n'));
  const { stdout, status, error } = spawnSync(
    'ctags',
    ['--kinds-C=f', '-x', '--language-force=C', '--_xformat=%N\t%n\t%F', '-L', names],
    { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  rmSync(folder, { recursive: true });
  if (error || status !== 0) return `ctags is not here: ${error?.message ?? status}`;
  return stdout.split('\n').flatMap((line) => {
    const [name = '', at = '', path = ''] = line.split('\t');
    return path === '' ? [] : [{ name, line: Number(at), path }];
  });
}
