/**
 * Makes driver-teardown-VERSION.vsix and checks that it holds what runs and nothing else.
 * `--output FILE` puts it elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissing } from './lib/dependencies.mjs';
import { root } from './lib/vscode-host.mjs';
import { filesIn, unexpectedFiles } from './lib/vsix.mjs';

const { values } = parseArgs({ options: { output: { type: 'string', short: 'o' } } });
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Where the README as packaged lies, relative to the root. */
const readme = 'out/README.md';
const output = values.output ?? join(root, `${name}-${version}.vsix`);

await installMissing(root, (line) => console.error(line));
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
run('build.mjs', [join(root, 'scripts/build.mjs'), '--minify']);
writePackagedReadme();
run('vsce', [
  vsce,
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--readme-path',
  readme,
  '-o',
  output,
]);

const files = filesIn(output);
for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`);
const wrong = unexpectedFiles(files.map(({ path }) => path));
if (wrong.length > 0) {
  console.error(`error: the package's contents are wrong: ${wrong.join('; ')}`);
  process.exit(1);
}
console.log(`${output}: ${files.length} files, ${Math.round(statSync(output).size / 1024)} KB`);

/** VS Code shows a README's pictures from the web only, and this one lies in the repository. */
function writePackagedReadme() {
  const text = readFileSync(join(root, 'README.md'), 'utf8').replace(
    /^!\[[^\]]*\]\([^)]*\)\n+/gm,
    '',
  );
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, readme), text);
}

function run(what, args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 0) return;
  console.error(`error: ${what} failed`);
  process.exit(1);
}
