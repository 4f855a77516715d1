/** `driver-teardown fix`: the diff is a patch, and --write changes nothing that it need not. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { faulty, inKernelTree, run, TemporaryFolder, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;
const fixed = faulty
  .replace('#include <drm/drm_managed.h>\n', '')
  .replace('toy_ring_fini(struct drm_device *drm, void *arg)', 'toy_ring_fini(void *arg)')
  .replace('drmm_add_action_or_reset(&toy->drm,', 'devm_add_action_or_reset(toy->drm.dev,');

describe('cli: fix', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
  });
  afterEach(() => folder.remove());

  const text = (): Buffer => readFileSync(folder.file(ring));

  it('prints a diff that git apply takes, from any folder', async () => {
    const { code, bytes, out } = await run(['fix', '--diff', 'toy_ring.c'], folder.file(toy));
    assert.equal(code, 0);
    assert.match(
      out,
      /^--- a\/drivers\/gpu\/drm\/toy\/toy_ring\.c\n\+\+\+ b\/drivers\/gpu\/drm\/toy\/toy_ring\.c\n@@ -1,8 \+1,7 @@\n/,
    );
    assert.equal(text().toString(), faulty, 'a diff changes nothing');
    writeFileSync(folder.file('x.patch'), bytes);
    execFileSync('git', ['init', '-q'], { cwd: folder.path });
    execFileSync('git', ['apply', 'x.patch'], { cwd: folder.path });
    assert.equal(text().toString(), fixed);
  });

  /** How a file may look; the fix must leave all of that as it is. */
  const shapes: readonly (readonly [string, (source: string) => Buffer])[] = [
    ['LF', (source) => Buffer.from(source)],
    ['CRLF', (source) => Buffer.from(source.replaceAll('\n', '\r\n'))],
    ['latin-1', (source) => Buffer.from(source.replace('MIT', 'MIT \xa9 J\xe4ger'), 'latin1')],
    ['no newline at the end', (source) => Buffer.from(source.trimEnd())],
    ['a byte order mark', (source) => Buffer.from(`\uFEFF${source}`)],
  ];
  for (const [name, shape] of shapes) {
    it(`--write keeps ${name}`, async () => {
      folder.write({ [ring]: shape(faulty) });
      const { code, out } = await run(['fix', '--write', ring], folder.path);
      assert.deepEqual([code, out], [0, '']);
      assert.deepEqual(text(), shape(fixed));
      assert.equal((await run(['check', ring], folder.path)).code, 0);
    });

    it(`--diff of ${name} goes through patch -p1`, async () => {
      folder.write({ [ring]: shape(faulty) });
      writeFileSync(folder.file('x.patch'), (await run(['fix', ring], folder.path)).bytes);
      execFileSync('patch', ['-p1', '--binary', '-s', '-i', 'x.patch'], { cwd: folder.path });
      assert.deepEqual(text(), shape(fixed));
    });
  }

  it('says what it does, and what is left', async () => {
    const { err } = await run(['fix', '--write', toy], folder.path);
    assert.match(
      err,
      /^drivers\/gpu\/drm\/toy\/toy_ring\.c:20:9: fixed: Convert to device-managed/m,
    );
    assert.match(err, /^fixed 1 finding, 0 left$/m);
    assert.match((await run(['fix', toy], folder.path)).err, /0 left/);
  });

  it('--fix with an id that is not offered leaves the finding, exit 1', async () => {
    const { code, out, err } = await run(['fix', '--fix', 'nope', toy], folder.path);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /no fix nope \(offered: to-devm/);
  });

  it('two findings in one file are fixed together', async () => {
    const second = faulty
      .slice(faulty.indexOf('static void'))
      .replaceAll('toy_ring', 'toy_queue')
      .replaceAll('struct toy_queue', 'struct toy_ring');
    folder.write({ [ring]: `${faulty}\n${second}` });
    assert.match(
      (await run(['fix', '--write', ring], folder.path)).err,
      /^fixed 2 findings, 0 left$/m,
    );
    assert.equal((await run(['check', ring], folder.path)).code, 0);
  });
});
