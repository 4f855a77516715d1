/** Whether git takes a diff, and makes of it what we meant. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from '../../server/src/host/sources.ts';
import type { Applied } from './offers.ts';

/** @returns what is wrong, or undefined */
export function wrongWithDiff({ files, diff }: Applied): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-apply-'));
  try {
    for (const { file, before, encoding } of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), encode(before, encoding));
    }
    const args = ['apply', '--whitespace=error-all', '-'];
    const { status, stderr } = spawnSync('git', args, {
      cwd: folder,
      input: diff,
      encoding: 'utf8',
      // A repository further up must not decide which paths count.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
    });
    if (status !== 0) return `git apply: ${stderr.trim().split('\n')[0] ?? ''}`;
    const other = files.find(
      ({ file, after, encoding }) =>
        !readFileSync(join(folder, file)).equals(encode(after, encoding)),
    );
    return other === undefined ? undefined : `git apply makes another ${other.file} of it`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
