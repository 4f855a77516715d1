/** `npm start`, as it opens VS Code and as it ends: nothing that it started may stay behind. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/lib/vscode-host.mjs';
import { skip } from '../skip.ts';
import { squiggles, untilCursorIsAt, untilEditorShows } from './support/editor.ts';
import { Lacking, launchBrowser } from './support/workbench.ts';

const markName = 'DRIVER_TEARDOWN_START_TEST';

interface Started {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly exited: Promise<number | null>;
  output(): string;
}

function start(args: readonly string[], path: string): Started {
  const mark = randomUUID();
  const env = { ...process.env, PATH: path, [markName]: mark };
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), ...args], {
    env,
    cwd: root,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, mark, exited, output: () => output };
}

/** Everything that inherited the mark, whatever group, session or parent it has now. */
function descendants(mark: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const inherited = readFileSync(`/proc/${name}/environ`, 'latin1').includes(
        `${markName}=${mark}`,
      );
      return inherited ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function until<Value>(
  what: string,
  patience: number,
  look: () => Value | undefined,
): Promise<Value> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await sleep(50);
  }
}

async function checkEnding(
  started: Started,
  signal: NodeJS.Signals,
  status: number,
): Promise<void> {
  started.child.kill(signal);
  assert.equal(await started.exited, status, started.output());
  const left = await until('nothing is left', 2000, () =>
    descendants(started.mark).length === 0 ? 0 : undefined,
  );
  assert.equal(left, 0);
}

describe('npm start', function () {
  this.timeout(300_000);
  let folder: string;
  let current: Started | undefined;

  before(function () {
    if (process.platform !== 'linux')
      skip(this, 'processes are counted in /proc, which only Linux has');
    folder = mkdtempSync(join(tmpdir(), 'driver-teardown-start-'));
  });

  afterEach(async () => {
    if (current !== undefined && current.child.exitCode === null) {
      current.child.kill('SIGTERM');
      await current.exited;
    }
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('serves VS Code with the extension on the sample, and ends all of it at Ctrl-C', async function () {
    let browser: Awaited<ReturnType<typeof launchBrowser>>;
    try {
      browser = await launchBrowser();
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    try {
      current = start(['--web'], process.env['PATH'] ?? '');
      const { output, child } = current;
      const address = await until('it prints its address', 240_000, () => {
        assert.equal(child.exitCode, null, output());
        return /^\s+(http:\/\/127\.0\.0\.1:\d+\S*)$/m.exec(output())?.[1];
      });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(address);
      const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
      await untilEditorShows(page, registration);
      await squiggles(page).first().waitFor({ timeout: 60_000 });
      const source = readFileSync(join(root, 'sample/sample_gpu/sample_migrate.c'), 'utf8');
      const line = source.split('\n').findIndex((text) => text.includes(registration)) + 1;
      await untilCursorIsAt(page, line);
      // Server, extension host, language server and more, each of which could be left behind.
      assert.ok(descendants(current.mark).length >= 4, `only ${descendants(current.mark).length}`);
    } finally {
      await browser.close();
    }
    await checkEnding(current, 'SIGINT', 130);
  });

  const endings = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const;
  for (const [signal, status] of endings) {
    it(`opens desktop VS Code when it is on the PATH, and ends it at ${signal}`, async () => {
      // A stand-in that leaves its group and session, as VS Code's own launcher does.
      const code = join(folder, 'code');
      const arguments_ = join(folder, 'arguments');
      rmSync(arguments_, { force: true });
      writeFileSync(
        code,
        `#!/bin/sh\nsetsid sleep 600 &\nprintf '%s\\n' "$@" > '${arguments_}'\nwait\n`,
      );
      chmodSync(code, 0o755);
      current = start([], `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
      const given = await until('VS Code is started', 60_000, () => {
        try {
          const text = readFileSync(arguments_, 'utf8');
          return text.includes('--goto') ? text.trim().split('\n') : undefined;
        } catch {
          return undefined;
        }
      });
      assert.ok(given.includes(`--extensionDevelopmentPath=${root}`));
      assert.ok(given.includes(join(root, 'sample')));
      await checkEnding(current, signal, status);
    });
  }

  it('says what is wrong with its arguments, with status 2', async () => {
    for (const args of [['--nonsense'], ['a', 'b'], ['does/not/exist'], ['--port', 'x']]) {
      current = start(args, process.env['PATH'] ?? '');
      assert.equal(await current.exited, 2, current.output());
      assert.match(current.output(), /^error: /);
    }
  });
});
