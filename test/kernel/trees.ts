/** Finds the kernel trees of the tests, fetching them once where the machine can. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** @returns the tree's path, or why there is none */
export function kernelTree(
  version: string,
): { readonly path: string } | { readonly missing: string } {
  const script = join(import.meta.dirname, '../../scripts/fetch-kernel.sh');
  const { status, stdout, stderr } = spawnSync(script, [version], { encoding: 'utf8' });
  if (status === 0) return { path: stdout.trim() };
  return {
    missing: `no kernel ${version}: ${stderr.trim().split('\n').pop() ?? 'the fetch script did not run'}`,
  };
}
