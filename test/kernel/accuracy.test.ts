/** The measured accuracy holds its bars, and docs/accuracy.md says what is measured. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { kernelTree } from './trees.ts';

const root = join(import.meta.dirname, '../..');

describe('accuracy on real kernels', function () {
  this.timeout(480_000);

  it('holds every bar, and the stored table is the measured one', function () {
    for (const version of ['6.1', '6.12', '7.3']) {
      const answer = kernelTree(version);
      if ('missing' in answer) return skip(this, answer.missing);
    }
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/accuracy.ts', '--check'],
      { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    assert.equal(status, 0, stderr);
  });
});
