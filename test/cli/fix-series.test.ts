/** `fix` on what a change adds, as a comparison, and as a series of patches. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, run, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;
const second = faulty
  .slice(faulty.indexOf('static void'))
  .replaceAll('toy_ring', 'toy_queue')
  .replaceAll('struct toy_queue', 'struct toy_ring');
const both = `${faulty}\n${second}`;
const maintainers = `Maintainers List
----------------

DRM DRIVERS
M:	Dee Arem <dee@example.org>
L:	dri-devel@example.org (moderated)
F:	drivers/gpu/drm/

TOY DRIVER
M:	Toy Maker <toy@example.org>
R:	Reader <reader@example.org>
F:	drivers/gpu/drm/toy/
X:	drivers/gpu/drm/toy/other/

SOMETHING ELSE
M:	Nobody <nobody@example.org>
F:	drivers/gpu/drm/toys/*.c
`;

describe('cli: fix of what a change adds', () => {
  let folder: GitFolder;
  beforeEach(() => {
    folder = new GitFolder({ MAINTAINERS: maintainers });
    folder.commit('before');
    folder.write({ ...inKernelTree(toyDriver), MAINTAINERS: maintainers });
    folder.commit('first');
    folder.write({ [ring]: both });
  });
  afterEach(() => folder.remove());

  const changed = (diff: string): string[] =>
    Array.from(diff.matchAll(/^\+static void (\w+)/gm), (match) => match[1] ?? '');

  it('--since leaves alone what was there', async () => {
    const { code, out } = await run(['fix', '--since', 'HEAD'], folder.path);
    assert.equal(code, 0);
    assert.deepEqual(changed(out), ['toy_queue_fini']);
    const { err } = await run(['fix', '--write', '--since', 'HEAD'], folder.path);
    assert.match(err, /^fixed 1 finding, 0 left$/m);
    assert.match(readFileSync(folder.file(ring), 'utf8'), /toy_ring_fini\(struct drm_device/);
    const patches = await run(['fix', '--since', 'HEAD~0', '--patch-file', 'out'], folder.path);
    assert.match(patches.err, /^wrote 0 patches/m);
  });

  it('--patch fixes what the patch would add, on top of it', async () => {
    writeFileSync(folder.file('x.patch'), folder.git('diff'));
    folder.git('checkout', '--', ring);
    const { code, out } = await run(['fix', '--patch', 'x.patch'], folder.path);
    assert.equal(code, 0);
    assert.deepEqual(changed(out), ['toy_queue_fini']);
    folder.git('apply', 'x.patch');
    writeFileSync(folder.file('y.patch'), out);
    folder.git('apply', 'y.patch');
    const refused = await run(['fix', '--write', '--patch', 'x.patch'], folder.path);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /--write and --patch exclude each other/);
  });

  it('--compare tells what each alternative removes, creates and touches', async () => {
    const { code, out } = await run(['fix', '--compare', ring], folder.path);
    assert.equal(code, 1);
    assert.match(
      out,
      /^ {2}to-devm \(safe, first choice\): Convert[^\n]*\n {4}removes: \S+toy_ring\.c:20:9 error drmm-releases-pinned-bo\n {4}creates: nothing\n {4}touches: 1 file, \+2 -2: drivers/m,
    );
    assert.equal(readFileSync(folder.file(ring), 'utf8'), both, 'nothing is changed');
  });

  it('--series makes patches that git am takes one after the other, with a cover letter', async () => {
    folder.commit('second');
    const { code, out } = await run(['fix', '--series', 'out'], folder.path);
    assert.equal(code, 0);
    const files = readdirSync(folder.file('out')).sort();
    assert.deepEqual(
      out.trim().split('\n'),
      files.map((file) => `out/${file}`),
    );
    assert.equal(files.length, 3);
    const [cover = '', first = '', last = ''] = files.map((file) =>
      readFileSync(folder.file(`out/${file}`), 'utf8'),
    );
    assert.match(cover, /^Subject: \[PATCH 0\/2\] drm\/toy: /m);
    assert.match(cover, /^To: Toy Maker <toy@example\.org>\nTo: Dee Arem/m);
    assert.match(cover, /^Cc: Reader <reader@example\.org>\nCc: dri-devel@example\.org$/m);
    assert.doesNotMatch(cover, /nobody/);
    assert.match(first, /^Subject: \[PATCH 1\/2\] drm\/toy: Unpin \w+ at unbind in toy_ring_init/m);
    assert.match(last, /^Subject: \[PATCH 2\/2\] /m);
    assert.match(first, /^Fixes: /m);
    assert.doesNotMatch(last, /^Fixes: /m, 'its lines are not those of history any more');
    folder.git('am', '-q', ...files.slice(1).map((file) => `out/${file}`));
    assert.equal((await run(['check', toy], folder.path)).code, 0);
  });
});
