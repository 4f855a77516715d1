/** Hundreds of findings in one function: the report ends, and says which fixes it has not made. */
import assert from 'node:assert/strict';
import { texts } from '../../scripts/hostile/texts.ts';
import { run, TemporaryFolder } from './support.ts';

describe('cli: many findings in one function', function () {
  this.timeout(120_000);

  it('has the fixes of some, and says that those of the others were not looked for', async () => {
    const folder = new TemporaryFolder();
    try {
      const shape = texts.find(({ name }) => name === 'cases that each register');
      folder.write({ ...shape?.files(400), Makefile: 'obj-m += foo.o\n' });
      const { code, out } = await run(['check', '--jobs', '1'], folder.path);
      assert.equal(code, 1);
      assert.match(out, /no fix: Not looked for: there are too many findings in this function/);
      assert.match(out, /400 warnings in 1 module, 1 file\n$/);
    } finally {
      folder.remove();
    }
  });
});
