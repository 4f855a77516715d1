/**
 * Repositories whose configuration names programs. Everything that asks git is asked here, with each
 * way to have a program run: none of them runs, and the answers are those of a good repository.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { Git } from '../../server/src/host/git.ts';
import type { PatchResult } from '../../server/src/lsp/protocol.ts';
import { Client, modern } from '../lsp/client.ts';
import { skip } from '../skip.ts';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, run, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;
const good = faulty.replace('ttm_bo_unpin(ring->bo);', '');

/** Leaves a mark named for itself, and does what is expected of its kind. */
function program(folder: GitFolder, name: string, then = 'cat'): string {
  const file = folder.file(`.git/run-${name}`);
  const marks = folder.file('.git/marks');
  mkdirSync(marks, { recursive: true });
  folder.write({ [`.git/run-${name}`]: `#!/bin/sh\n: > '${marks}/${name}'\n${then} "$@"\n` });
  execFileSync('chmod', ['+x', file]);
  return file;
}

const marksOf = (folder: GitFolder): string[] =>
  existsSync(folder.file('.git/marks')) ? readdirSync(folder.file('.git/marks')) : [];

const set = (folder: GitFolder, key: string, value: string): void => {
  folder.git('config', key, value);
};

/** Each way, and how the repository is made to go it. */
const ways: Readonly<Record<string, (folder: GitFolder) => void>> = {
  fsmonitor: (folder) => set(folder, 'core.fsmonitor', program(folder, 'fsmonitor', 'true')),
  textconv: (folder) => {
    folder.write({ '.git/info/attributes': '*.c diff=evil\n' });
    set(folder, 'diff.evil.textconv', program(folder, 'textconv'));
  },
  'external diff': (folder) => {
    folder.write({ '.git/info/attributes': '*.c diff=evil\n' });
    set(folder, 'diff.evil.command', program(folder, 'command', 'true'));
    set(folder, 'diff.external', program(folder, 'external', 'true'));
  },
  filter: (folder) => {
    folder.write({ '.gitattributes': '*.c filter=evil\n' });
    set(folder, 'filter.evil.clean', program(folder, 'clean'));
    set(folder, 'filter.evil.smudge', program(folder, 'smudge'));
    set(folder, 'filter.evil.required', 'true');
  },
  'filter with an odd name': (folder) => {
    folder.write({ '.git/info/attributes': '*.c filter=e=v.i.l\n' });
    appendFileSync(
      folder.file('.git/config'),
      `[filter "e=v.i.l"]\n\tclean = ${program(folder, 'odd')}\n\trequired\n`,
    );
  },
  'filter process': (folder) => {
    folder.write({ '.git/info/attributes': '*.c filter=evil\n' });
    set(folder, 'filter.evil.process', program(folder, 'process', 'false'));
    set(folder, 'filter.evil.required', 'true');
  },
  hooks: (folder) => {
    for (const hook of [
      'post-index-change',
      'post-checkout',
      'pre-commit',
      'reference-transaction',
    ])
      folder.write({ [`.git/hooks/${hook}`]: readFileSync(program(folder, hook, 'true')) });
    execFileSync('chmod', ['-R', '+x', folder.file('.git/hooks')]);
    set(folder, 'core.untrackedCache', 'true');
  },
  'hooks elsewhere': (folder) => {
    folder.write({ 'hooks/post-index-change': readFileSync(program(folder, 'elsewhere', 'true')) });
    execFileSync('chmod', ['-R', '+x', folder.file('hooks')]);
    set(folder, 'core.hooksPath', 'hooks');
    // As above: git writes the index, whatever the clock said of the files, and so runs the hook.
    set(folder, 'core.untrackedCache', 'true');
  },
  include: (folder) => {
    const fsmonitor = program(folder, 'included', 'true');
    const clean = program(folder, 'included-clean');
    folder.write({
      '.git/info/attributes': '*.c filter=far\n',
      '.git/more': `[core]\n\tfsmonitor = ${fsmonitor}\n[filter "far"]\n\tclean = ${clean}\n`,
    });
    set(folder, 'include.path', 'more');
    set(folder, 'includeIf.onbranch:main.path', 'more');
  },
  'a worktree of its own': (folder) => {
    set(folder, 'extensions.worktreeConfig', 'true');
    const fsmonitor = program(folder, 'worktree', 'true');
    folder.write({ '.git/config.worktree': `[core]\n\tfsmonitor = ${fsmonitor}\n` });
  },
  'a repository inside of it': (folder) => {
    folder.write({ 'inner/x.c': 'int x;\n' });
    const inner = ['-C', 'inner', '-c', 'user.name=X', '-c', 'user.email=x@example.org'];
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-q', '-m', 'x'],
    ])
      folder.git(...inner, ...words);
    folder.git('add', 'inner');
    folder.write({ 'inner/x.c': 'int y;\n' });
    folder.git(...inner, 'config', 'core.fsmonitor', program(folder, 'inner', 'true'));
  },
  signatures: (folder) => {
    set(folder, 'log.showSignature', 'true');
    set(folder, 'gpg.program', program(folder, 'gpg', 'true'));
  },
  'pagers, editors and prompts': (folder) => {
    for (const key of ['core.pager', 'pager.log', 'pager.diff', 'pager.blame', 'core.editor'])
      set(folder, key, program(folder, key));
    set(folder, 'core.askPass', program(folder, 'askpass'));
    set(folder, 'credential.helper', program(folder, 'helper'));
  },
  'fetching what is missing': (folder) => {
    set(folder, 'core.repositoryFormatVersion', '1');
    set(folder, 'extensions.partialClone', 'evil');
    set(folder, 'remote.evil.promisor', 'true');
    set(folder, 'remote.evil.url', `ext::${program(folder, 'transport', 'true')} x`);
    set(folder, 'protocol.ext.allow', 'always');
    // The commit of the past has a blob that is not here.
    const blob = folder.git('rev-parse', `HEAD:${ring}`).trim();
    execFileSync('rm', ['-f', folder.file(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`)]);
  },
};

/** All but the one that takes an object away. Preparing runs git, and so some of the programs. */
function goAllWays(folder: GitFolder): void {
  for (const [name, prepare] of Object.entries(ways))
    if (!name.startsWith('fetching')) prepare(folder);
  rmSync(folder.file('.git/marks'), { recursive: true });
  mkdirSync(folder.file('.git/marks'));
}

/** Signs the last commit with nothing real: `log.showSignature` would have it looked at. */
function signed(folder: GitFolder): void {
  const commit = folder.git('cat-file', 'commit', 'HEAD');
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n';
  folder.write({ '.git/signed': commit.replace(/\n\n/, `\n${signature}\n`) });
  const hash = folder.git('hash-object', '-t', 'commit', '-w', '.git/signed').trim();
  folder.git('update-ref', 'HEAD', hash);
}

function askWithoutCare(folder: GitFolder, commit: string): void {
  const questions = [
    ['status'],
    ['blame', ring],
    ['diff'],
    ['log', '-3'],
    ['cat-file', 'blob', `${commit}:${ring}`],
  ];
  for (const words of questions) {
    try {
      folder.git(...words);
    } catch {
      // The programs are no good ones.
    }
  }
}

describe('git in a repository that is not trusted', function () {
  this.timeout(60_000);
  let folder: GitFolder;
  beforeEach(() => {
    folder = new GitFolder({ Makefile: '' });
    folder.commit('The first one, of which nobody knows what was before');
    folder.write(inKernelTree({ ...toyDriver, 'toy_ring.c': good }));
    folder.commit('drm/toy: Add it');
    folder.write({ [ring]: faulty });
    folder.commit('drm/toy: Unpin the ring');
    signed(folder);
    folder.write({ '.git/info/attributes': '' });
  });
  afterEach(() => folder.remove());

  for (const [name, prepare] of Object.entries(ways)) {
    it(`${name}: nothing runs, and the questions are answered`, async () => {
      prepare(folder);
      // The index has to look at the file again, and finds it changed.
      folder.write({ [ring]: `${faulty}\n/* touched */\n` });
      const git = await Git.open(folder.path);
      assert.ok(typeof git !== 'string', String(git));
      const head = await git.commit('HEAD');
      assert.match(head ?? '', /^[0-9a-f]{40}$/);
      const changed = (await git.changedSince(head ?? '')).map(({ path }) => path);
      assert.ok(changed.includes(ring), changed.join(' '));
      const subjects = await git.subjectsOf(ring);
      assert.deepEqual(subjects, ['drm/toy: Unpin the ring', 'drm/toy: Add it']);
      const missing = name.startsWith('fetching');
      const old = await git.show(head ?? '', ring);
      assert.equal(old?.toString(), missing ? undefined : faulty);
      const commit = await git.blame(ring, 9);
      if (!missing) assert.equal(commit?.subject, 'drm/toy: Unpin the ring');
      assert.deepEqual(await git.author(), { name: 'Jürgen Größ', email: 'jg@example.org' });
      assert.deepEqual(marksOf(folder), []);
      // The way is one: git as it comes would have gone it. Pagers and prompts need a terminal.
      askWithoutCare(folder, head ?? '');
      if (!name.startsWith('pagers')) assert.notDeepEqual(marksOf(folder), []);
    });
  }

  it('the program: --since and patches work, with all ways at once', async () => {
    goAllWays(folder);
    const since = await run(['check', '--since', 'HEAD~1', '.'], folder.path);
    assert.equal(since.code, 1, since.err);
    assert.match(since.out, /toy_ring\.c:20:9: error/);
    const { code, err } = await run(['fix', '--patch-file', '.git/out', toy], folder.path);
    assert.equal(code, 0, err);
    const [patch = ''] = readdirSync(folder.file('.git/out'));
    const text = readFileSync(folder.file(join('.git/out', patch)), 'utf8');
    assert.match(text, /^Fixes: [0-9a-f]{12} \("drm\/toy: Add it"\)$/m);
    assert.deepEqual(marksOf(folder), []);
  });

  it("another user's repository is left alone, as git's safe.directory says", async function () {
    if (process.getuid?.() !== 0) skip(this, 'only root can give a repository away');
    execFileSync('chown', ['-R', '65534', folder.path]);
    assert.match(String(await Git.open(folder.path)), /another user's/);
  });

  it('a relative folder in PATH does not name git', async () => {
    const [path, cwd] = [process.env.PATH, process.cwd()];
    folder.write({ git: readFileSync(program(folder, 'own-git', 'true')) });
    execFileSync('chmod', ['+x', folder.file('git')]);
    try {
      process.chdir(folder.path);
      process.env.PATH = `.:${path}`;
      assert.ok(typeof (await Git.open(folder.path)) !== 'string');
    } finally {
      process.chdir(cwd);
      process.env.PATH = path;
    }
    assert.deepEqual(marksOf(folder), []);
  });

  describe('in the editor', () => {
    let client: Client;
    afterEach(() => client.kill());

    const patchWith = async (options: unknown): Promise<() => Promise<PatchResult>> => {
      client = new Client(folder);
      await client.start(modern, options);
      const uri = client.uri(ring);
      await client.open(uri, faulty);
      const found = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri },
      });
      const data = found.kind === 'full' ? found.items[0]?.data : undefined;
      const { fingerprint } = data as { readonly fingerprint: string };
      return () => client.request('driverTeardown/patch', { uri, fingerprint, fix: 'to-devm' });
    };

    it('Restricted Mode: git is not run at all, until the user grants trust', async () => {
      // A git of that name would leave a mark whatever it was asked.
      folder.write({ 'bin/git': readFileSync(program(folder, 'any-git', 'exec /usr/bin/git')) });
      execFileSync('chmod', ['+x', folder.file('bin/git')]);
      const path = process.env.PATH;
      process.env.PATH = `${folder.file('bin')}:${path}`;
      try {
        const patch = await patchWith({ trusted: false });
        const restricted = await patch();
        assert.match(restricted.note ?? '', /^git is not run in Restricted Mode: the subject/);
        assert.doesNotMatch(Buffer.from(restricted.content, 'base64').toString(), /^Fixes:/m);
        assert.deepEqual(marksOf(folder), []);
        await client.connection.sendNotification('driverTeardown/trustGranted');
        const trusted = await patch();
        assert.equal(trusted.note, null);
        assert.match(Buffer.from(trusted.content, 'base64').toString(), /^Fixes: /m);
        assert.deepEqual(marksOf(folder), ['any-git']);
      } finally {
        process.env.PATH = path;
      }
    });

    it('trusted, or an editor that does not ask: nothing of the repository runs', async () => {
      goAllWays(folder);
      const { note } = await (await patchWith(undefined))();
      assert.equal(note, null);
      assert.deepEqual(marksOf(folder), []);
    });
  });
});
