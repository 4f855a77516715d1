/**
 * Installs the packages of package-lock.json that are not there. Node built-ins only: this runs
 * before anything is installed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTree } from './processes.mjs';

/** The packages that the lock file wants and node_modules lacks or has in another version. */
export function missingPackages(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const missing = [];
  for (const [folder, wanted] of Object.entries(lock.packages)) {
    if (folder === '') continue;
    const manifest = join(root, folder, 'package.json');
    const there = existsSync(manifest);
    // Optional packages (other platforms' binaries) may be absent, but not outdated.
    if (!there && wanted.optional) continue;
    if (!there || JSON.parse(readFileSync(manifest, 'utf8')).version !== wanted.version) {
      missing.push(folder.replace(/^.*node_modules\//, ''));
    }
  }
  return missing;
}

/** Runs `npm ci` when something is missing; throws with the reason when that fails. */
export async function installMissing(root, say, running = new Set()) {
  const missing = missingPackages(root);
  if (missing.length === 0) return;
  say(`installing npm packages (${missing.length} missing)`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, output } = await runTree(npm, args, running, {
    cwd: root,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci failed: ${output.trim()}`);
}
