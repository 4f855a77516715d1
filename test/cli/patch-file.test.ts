/** `fix --patch-file`: patches that git am takes, with a changelog that a maintainer can use. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, run, TemporaryFolder, toyDriver } from './support.ts';

const ring = 'drivers/gpu/drm/toy/toy_ring.c';

describe('cli: fix --patch-file', () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  /** The one patch that is written into `out`. */
  const patch = (): { readonly name: string; readonly text: string } => {
    const names = readdirSync(folder.file('out'));
    assert.equal(names.length, 1, names.join(' '));
    const name = `out/${names[0] ?? ''}`;
    return { name, text: readFileSync(folder.file(name), 'utf8') };
  };

  describe('with history', () => {
    let git: GitFolder;
    let first: string;
    beforeEach(() => {
      const tree = inKernelTree(toyDriver);
      const { [ring]: _, ...others } = tree;
      folder = git = new GitFolder(others);
      git.commit('drm/toy: Add a driver for toys');
      git.write({ [ring]: tree[ring] ?? '' });
      first = git.commit('drm/toy/ring: Unpin the ring — at the end');
    });

    it('git am takes it, and the author and the text survive', async () => {
      const { code, out } = await run(['fix', '--patch-file', 'out', ring], folder.path);
      assert.equal(code, 0);
      const { name, text } = patch();
      assert.equal(out.trim(), name);
      const asPatch = await run(['fix', ring], folder.path);
      git.git('am', '-q', name);
      assert.match(
        readFileSync(folder.file(ring), 'utf8'),
        /devm_add_action_or_reset\(toy->drm\.dev,/,
      );
      folder.write({ 'x.patch': asPatch.bytes });
      git.git('apply', '-R', 'x.patch');
      assert.equal(readFileSync(folder.file(ring), 'utf8'), faulty);
      assert.equal(
        git.git('log', '-1', '--format=%an <%ae>').trim(),
        'Jürgen Größ <jg@example.org>',
      );
      const subject = git.git('log', '-1', '--format=%s').trim();
      assert.match(subject, /^drm\/toy\/ring: Unpin bo at unbind/);
      assert.match(text, /^Subject: \[PATCH\] drm\/toy\/ring: Unpin bo at unbind/m);
      const body = git.git('log', '-1', '--format=%b');
      assert.match(body, /toy_ring_fini unpins/);
      assert.match(body, /while a\s+file is open/);
      assert.match(body, /^ {2}toy_ring\.c:20 toy_ring_init\(\): registered by/m);
      assert.match(body, /^Found with Driver Teardown \d/m);
      assert.match(body, /^Runtime tested: NO$/m);
      assert.match(body, /igt@core_hotunplug@hotunbind-rebind/);
      assert.doesNotMatch(body, /signed-off-by/i);
    });

    it('names the commit of the registration, and asks stable for errors only', async () => {
      await run(['fix', '--patch-file', 'out', ring], folder.path);
      const { text } = patch();
      const tag = `Fixes: ${first.slice(0, 12)} ("drm/toy/ring: Unpin the ring — at the end")`;
      assert.ok(text.includes(`${tag}\n`), text);
      const checked = await run(['check', '--format', 'json', ring], folder.path);
      const [finding] = (JSON.parse(checked.out) as { findings: { severity: string }[] }).findings;
      assert.equal(text.includes('Cc: stable@vger.kernel.org'), finding?.severity === 'error');
    });

    it('no line of the changelog is longer than 75 characters, tags apart', async () => {
      await run(['fix', '--patch-file', 'out', ring], folder.path);
      const body = patch().text.split('\n\n').slice(1).join('\n\n').split('\n---\n')[0] ?? '';
      for (const line of body.split('\n')) {
        if (!/^(?:Fixes|Cc):/.test(line)) assert.ok(line.length <= 75, line);
      }
    });

    it('a line that is not committed has no Fixes: tag', async () => {
      folder.write({ [ring]: faulty.replace('toy_ring_fini, ring);', 'toy_ring_fini, (ring));') });
      await run(['fix', '--patch-file', 'out', ring], folder.path);
      assert.doesNotMatch(patch().text, /^Fixes:/m);
    });
  });

  describe('without a repository', () => {
    beforeEach(() => {
      folder = new TemporaryFolder().write(inKernelTree(toyDriver));
    });

    it('the prefix comes from the path, and no history is invented', async () => {
      const { code, err } = await run(['fix', '--patch-file', 'out', ring], folder.path);
      assert.equal(code, 0);
      assert.match(err, /^not a git repository: /m);
      const { text } = patch();
      assert.match(text, /^Subject: \[PATCH\] drm\/toy: Unpin bo at unbind/m);
      assert.doesNotMatch(text, /^(?:Fixes|Cc):/m);
      assert.match(text, /^From: Author Name <author@example\.org>$/m);
    });

    it('the diff is in the encoding of its file', async () => {
      const latin = Buffer.from(faulty.replace('MIT', 'MIT J\xe4ger'), 'latin1');
      folder.write({ [ring]: latin });
      await run(['fix', '--patch-file', 'out', ring], folder.path);
      const { name } = patch();
      const bytes = readFileSync(folder.file(name));
      writeFileSync(folder.file('x.patch'), bytes);
      assert.equal((await run(['check', '--patch', 'x.patch', ring], folder.path)).code, 0);
      assert.ok(bytes.includes(Buffer.from('---\n')));
    });

    it('a date of the caller makes it reproducible', async () => {
      const before = process.env['SOURCE_DATE_EPOCH'];
      process.env['SOURCE_DATE_EPOCH'] = '86400';
      try {
        await run(['fix', '--patch-file', 'out', ring], folder.path);
      } finally {
        if (before === undefined) delete process.env['SOURCE_DATE_EPOCH'];
        else process.env['SOURCE_DATE_EPOCH'] = before;
      }
      assert.match(patch().text, /^Date: Fri, 2 Jan 1970 00:00:00 \+0000$/m);
    });

    it('--write beside it, and a folder that is a file, are refused', async () => {
      const both = await run(['fix', '--write', '--patch-file', 'out', ring], folder.path);
      assert.equal(both.code, 2);
      assert.match(both.err, /exclude each other/);
      const file = await run(['fix', '--patch-file', 'Makefile', ring], folder.path);
      assert.equal(file.code, 2);
      assert.match(file.err, /Makefile cannot be made a folder/);
    });
  });
});
