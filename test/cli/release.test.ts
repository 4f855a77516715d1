/** `npm run release -- VERSION --dry-run`: what would be published, with nothing changed and nothing sent. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { follows, releaseChangelog } from '../../scripts/lib/changelog.ts';
import { filesIn, textIn } from '../../scripts/lib/vsix.mjs';
import { skip } from '../skip.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};

describe('a release', function () {
  this.timeout(180_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'driver-teardown-release-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function release(...args: string[]): { status: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/release.ts', ...args, '--output', join(folder, 'out')],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, npm_config_offline: 'true', npm_config_cache: join(folder, 'npm') },
      },
    );
    return { status, out: stdout, err: stderr };
  }

  const standing = (): string =>
    spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout +
    spawnSync('git', ['tag'], { cwd: root, encoding: 'utf8' }).stdout;

  it('is made whole without being published, and leaves the sources as they were', function () {
    if (spawnSync('git', ['rev-parse'], { cwd: root }).status !== 0) skip(this, 'no git clone');
    const before = standing();
    const { status, out, err } = release(version, '--dry-run');
    assert.equal(status, 0, err);
    assert.equal(standing(), before);
    const output = join(folder, 'out');
    const [vsix, tarball] = [`driver-teardown-${version}.vsix`, `driver-teardown-${version}.tgz`];
    assert.deepEqual(readdirSync(output).sort(), ['NOTES.md', 'SHA256SUMS', tarball, vsix].sort());
    const sums = readFileSync(join(output, 'SHA256SUMS'), 'utf8');
    for (const name of [vsix, tarball]) {
      const sum = createHash('sha256')
        .update(readFileSync(join(output, name)))
        .digest('hex');
      assert.ok(sums.includes(`${sum}  ${name}\n`), sums);
    }
    // Built a second time they are the same bytes.
    assert.equal(release(version, '--dry-run').status, 0);
    assert.equal(readFileSync(join(output, 'SHA256SUMS'), 'utf8'), sums);
    const notes = readFileSync(join(output, 'NOTES.md'), 'utf8');
    assert.match(notes, /measured on upstream's own history/);
    assert.ok(notes.includes(`npm install -g ./${tarball}`) && notes.includes(sums));
    for (const what of [
      /vsce publish/,
      /ovsx@[\d.]+ publish/,
      /npm publish/,
      /git push origin HEAD v/,
    ])
      assert.match(out, what);

    const files = filesIn(join(output, vsix)).map(({ path }) => path);
    assert.ok(files.includes('extension/client/resources/icon.png'));
    // The galleries show pictures from the web only.
    const readme = textIn(join(output, vsix), 'extension/readme.md');
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, target]) => target);
    assert.ok(pictures.length >= 2);
    for (const target of pictures) assert.match(target ?? '', /^https:\/\/.*\.png$/);
  });

  it('is refused where the version or the changelog does not fit', () => {
    for (const [words, reason] of [
      [['0.0.1', '--dry-run'], /older than/],
      [['1.x', '--dry-run'], /no version/],
      [['99.0.0', '--dry-run'], /CHANGELOG\.md has neither/],
      [[], /usage/],
    ] as const) {
      const { status, err } = release(...words);
      assert.equal(status, 2);
      assert.match(err, reason);
    }
  });

  it('takes its notes from what is unreleased', () => {
    const text = '# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0\n\n- old\n';
    assert.deepEqual(releaseChangelog(text, '0.2.0'), {
      text: text.replace('Unreleased', '0.2.0'),
      notes: '- new',
    });
    assert.throws(() => releaseChangelog('## Unreleased\n\n## 0.1.0\n', '0.2.0'), /says nothing/);
    assert.ok(
      follows('0.1.0', '0.1.0') && follows('0.10.0', '0.9.9') && !follows('0.9.9', '0.10.0'),
    );
  });
});
