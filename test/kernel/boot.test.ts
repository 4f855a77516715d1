/**
 * Where QEMU is, and a guest was made by `npm run kernel:drivers`, one driver is taken down anew and held to its
 * recording.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { skip } from '../skip.ts';

const root = join(import.meta.dirname, '../..');
/** Seconds: a boot on an idle machine takes half a minute. */
const limit = 80;

describe('a real driver in a real kernel, now', function () {
  this.timeout((limit + 20) * 1000);

  it('cirrus is taken down as it was recorded', function () {
    if (spawnSync('qemu-system-x86_64', ['--version']).error) skip(this, 'no QEMU here');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import=tsx',
        'scripts/kernel-drivers.ts',
        ...['cirrus', '--check', '--ready', '--scenario', 'unbind', '--limit', String(limit)],
      ],
      { cwd: root, encoding: 'utf8' },
    );
    if (status === 3) skip(this, 'no guest was made: npm run kernel:drivers');
    if (status === 4) skip(this, `the machine did not boot within ${limit} s`);
    assert.equal(status, 0, stdout + stderr);
  });
});
