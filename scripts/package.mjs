/**
 * Makes driver-teardown-VERSION.vsix with `vsce package`, as anyone would, and checks that it holds what
 * runs and nothing else. `--output FILE` puts it elsewhere. Two runs on one commit give the same bytes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commitTime } from './lib/commit-time.mjs';
import { installMissing } from './lib/dependencies.mjs';
import { root } from './lib/vscode-host.mjs';
import { filesIn, unexpectedFiles } from './lib/vsix.mjs';

const { values } = parseArgs({ options: { output: { type: 'string', short: 'o' } } });
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const output = values.output ?? join(root, `${name}-${version}.vsix`);

await installMissing(root, (line) => console.error(line));
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, 'package', '-o', output], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, SOURCE_DATE_EPOCH: commitTime(root) },
});
if (status !== 0) {
  console.error(`error: vsce failed\n${stdout}${stderr}`.trim());
  process.exit(1);
}

const files = filesIn(output);
for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`);
const wrong = unexpectedFiles(files.map(({ path }) => path));
if (wrong.length > 0) {
  console.error(`error: the package's contents are wrong: ${wrong.join('; ')}`);
  process.exit(1);
}
console.log(`${output}: ${files.length} files, ${Math.round(statSync(output).size / 1024)} KB`);
