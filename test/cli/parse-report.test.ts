/** `npm run parse-report` counts by the index, and names what it could not read. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { TemporaryFolder } from './support.ts';

const script = join(import.meta.dirname, '../../scripts/parse-report.ts');

const good = `static int good_probe(struct device *dev)
{
	return devm_add_action_or_reset(dev, good_fini, dev);
}

static int plain(void)
{
	return 0;
}
`;
/** No reader of C without the macro's definition can read it. */
const bad = `static int bad_probe(struct device *dev)
{
	int x = ) devm_kfree(dev, 3);
	return 0;
}

static int bad_plain(void)
{
	return @ 2;
}
`;

function report(folder: TemporaryFolder, environment: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import=tsx', script, folder.path, 'drv'],
    { encoding: 'utf8', env: { ...process.env, VERBOSE: '1', ...environment } },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

describe('parse-report', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write({ 'drv/good.c': good });
  });
  afterEach(() => folder.remove());

  it('counts what is read without an error', () => {
    const out = report(folder);
    assert.match(out, /^functions with facts free of parse errors: 2 of 2 \(100\.000 %\)$/m);
    assert.match(out, /^of those that hold a managed call: 1 of 1 /m);
    assert.match(out, /^managed calls of the text that were seen: 1 of 1 /m);
  });

  it('names each function that is not, those with managed calls apart', () => {
    folder.write({ 'drv/bad.c': bad });
    const out = report(folder);
    assert.match(out, /^functions with facts free of parse errors: 2 of 4 /m);
    assert.match(out, /^of those that hold a managed call: 1 of 2 /m);
    assert.match(out, /and hold a managed call: 1\n {2}drv\/bad\.c:1 bad_probe\n/);
    assert.match(out, /^touched by a parse error: 1\n {2}drv\/bad\.c:7 bad_plain\n/m);
  });

  it('is held against Universal Ctags where that is installed, and goes on without', function () {
    assert.match(report(folder, { PATH: '/nowhere' }), /^ctags is not here/);
    const { stdout } = spawnSync('ctags', ['--version'], { encoding: 'utf8' });
    if (!stdout?.includes('Universal')) skip(this, 'Universal Ctags is not here');
    folder.write({ 'drv/made.c': 'MAKE(a)\nint other(void)\n{\n\treturn 0;\n}\n' });
    const out = report(folder);
    assert.match(out, /finds and the index has: \d of \d/);
  });
});
