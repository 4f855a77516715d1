/** What the fixes make of a real kernel still compiles, and docs/fixes.md claims no failure. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../skip.ts';

const root = join(import.meta.dirname, '../..');

describe('fixes on a real kernel', function () {
  this.timeout(480_000);

  it('compile without a new warning, and keep their promises', function () {
    const args = ['--import=tsx', 'scripts/fixes-compile.ts', '--ci'];
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    // Exit status 2: this machine cannot build a kernel, and the last line says what is missing.
    if (status === 2)
      return skip(this, stderr.trim().split('\n').pop() ?? 'no kernel can be built');
    assert.equal(status, 0, stdout + stderr);
  });

  it('of some drivers, which the commit draws, none is wrong that is called safe', function () {
    const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
    const seed = git.status === 0 ? git.stdout.trim() : 'none';
    const args = [
      '--import=tsx',
      'scripts/fixes-judge.ts',
      '6.12',
      '--sample',
      '6',
      '--seed',
      seed,
    ];
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    if (status === 2) return skip(this, stderr.trim().split('\n').pop() ?? 'no kernel');
    assert.equal(status, 0, stdout + stderr);
  });

  it('the stored table has no failure', () => {
    const text = readFileSync(join(root, 'docs/fixes.md'), 'utf8');
    assert.match(text, /^\| \*\*failures\*\* \| \*\*0\*\* \|$/m);
  });
});
