/**
 * What `npm pack` runs first, also in a fresh clone: installs what the build needs and makes the bundles
 * that the package holds. They are all that runs: the package has no dependencies.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installMissing } from './lib/dependencies.mjs';
import { root } from './lib/vscode-host.mjs';

/** npm hands its own settings down to the npm that is run here: `--dry-run` and `--global` are not meant for it. */
for (const name of ['dry_run', 'global', 'location', 'omit', 'include', 'pack_destination'])
  delete process.env[`npm_config_${name}`];

// What `npm pack --json` prints is for programs: nothing of this may stand between it.
await installMissing(root, (line) => console.error(line));
const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--minify'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) {
  console.error('error: the build failed');
  process.exit(1);
}
