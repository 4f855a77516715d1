/**
 * Writes what is made from the table of the command line's options: the manual page and the completions
 * of bash, zsh and fish. `--check` only says whether they are up to date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bashCompletion, fishCompletion, zshCompletion } from './lib/completions.ts';
import { manualPage } from './lib/manual-page.ts';

const made: readonly (readonly [string, string])[] = [
  ['man/driver-teardown.1', manualPage()],
  ['completions/driver-teardown.bash', bashCompletion()],
  ['completions/_driver-teardown', zshCompletion()],
  ['completions/driver-teardown.fish', fishCompletion()],
];

for (const [name, text] of made) {
  const file = join(import.meta.dirname, '..', name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is out of date: npm run cli-pages`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
