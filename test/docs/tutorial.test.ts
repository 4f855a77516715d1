/** docs/tutorial.md is run as it stands: each command says what the page says that it says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { programArguments } from '../cli/support.ts';
import { skip } from '../skip.ts';
import { type Command, matches, sessionOf } from './session.ts';

const root = join(import.meta.dirname, '../..');

describe('the tutorial', function () {
  this.timeout(120_000);
  let folder: string;

  before(function () {
    if (process.platform === 'win32') skip(this, 'the page is for a shell');
    folder = mkdtempSync(join(tmpdir(), 'driver-teardown-tutorial-'));
    mkdirSync(join(folder, 'bin'));
    const words = [process.execPath, ...programArguments()].map((word) => `'${word}'`).join(' ');
    const program = join(folder, 'bin/driver-teardown');
    writeFileSync(program, `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(program, 0o755);
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command where the one before it has left off. */
  function run({ line }: Command, at: string): { readonly said: string; readonly at: string } {
    const { stdout } = spawnSync('sh', ['-c', `${line} 2>&1; printf '\\0%s' "$PWD"`], {
      cwd: at,
      encoding: 'utf8',
      env: {
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
        HOME: folder,
        SAMPLE: join(root, 'sample'),
        DRIVER_TEARDOWN_CACHE: join(folder, 'cache'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Ada Driver',
        GIT_AUTHOR_EMAIL: 'ada@example.org',
        GIT_COMMITTER_NAME: 'Ada Driver',
        GIT_COMMITTER_EMAIL: 'ada@example.org',
      },
    });
    const [said = '', there = at] = stdout.split('\0');
    return { said, at: there };
  }

  it('says what its commands say', () => {
    const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
    assert.equal(page.match(/^## \d+\. /gm)?.length, 10);
    let at = folder;
    const commands = sessionOf(page);
    assert.ok(commands.length >= 15);
    for (const command of commands) {
      const ran = run(command, at);
      at = ran.at;
      const problem = matches(ran.said, command.says);
      assert.equal(problem, undefined, `${command.line}: ${problem ?? ''}\n${ran.said}`);
    }
  });
});

describe('a page with commands', () => {
  it('is held to every line but those that it leaves out', () => {
    const [command] = sessionOf('```console\n$ do it\none\n…\nlast … word\n```\n');
    assert.deepEqual(command, { line: 'do it', says: ['one', '…', 'last … word'] });
    const says = command?.says ?? [];
    assert.equal(matches('one\nx\nlast good word\n', says), undefined);
    assert.equal(matches('one\nlast word word\n', says), undefined);
    assert.match(matches('two\nlast good word\n', says) ?? '', /one/);
    assert.match(matches('one\nx\nlast good word\nmore\n', says) ?? '', /more/);
  });
});
