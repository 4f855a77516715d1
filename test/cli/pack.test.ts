/** What `npm pack` makes of a clone: installed offline into a prefix, it runs with nothing beside it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { skip } from '../skip.ts';

const repository = join(import.meta.dirname, '../..');
/** What a clone has not: made, installed, or git's own. */
const notCloned = new Set(['node_modules', 'dist', 'out', 'artifacts', '.vscode-host', '.git']);
/** Installed, in bytes: the engine once, its pages and data, the grammar, and 0.2 MB for the tools. */
const largest = 3_000_000;

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

describe('the npm package', function () {
  this.timeout(120_000);
  let folder: string;
  let clone: string;
  let program: string;
  let installed: string;

  function run(command: string, args: readonly string[], cwd: string): Ran {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        npm_config_offline: 'true',
        npm_config_cache: join(folder, 'npm-cache'),
        DRIVER_TEARDOWN_CACHE: join(folder, 'cache'),
      },
    });
    if (error !== undefined) throw error;
    return { status, out: stdout, err: stderr };
  }

  before(function () {
    if (process.platform === 'win32') skip(this, 'npm is a script of another kind there');
    folder = mkdtempSync(join(tmpdir(), 'driver-teardown-pack-'));
    clone = join(folder, 'clone');
    const filter = (source: string): boolean => !notCloned.has(basename(source));
    for (const name of readdirSync(repository).filter(filter))
      cpSync(join(repository, name), join(clone, name), { recursive: true, filter });
    // The packages that the build needs are there, so that the test needs no network.
    symlinkSync(join(repository, 'node_modules'), join(clone, 'node_modules'));
    const packed = run('npm', ['pack', '--json', '--pack-destination', folder], clone);
    assert.equal(packed.status, 0, packed.err);
    const [{ filename }] = JSON.parse(packed.out) as [{ readonly filename: string }];
    const prefix = join(folder, 'prefix');
    mkdirSync(prefix);
    const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund'];
    const { status, err } = run('npm', [...args, join(folder, filename)], folder);
    assert.equal(status, 0, err);
    program = join(prefix, 'bin/driver-teardown');
    installed = join(prefix, 'lib/node_modules/driver-teardown');
    // What runs from here on must not find the sources' packages.
    rmSync(join(clone, 'node_modules'));
    rmSync(join(clone, 'dist'), { recursive: true });
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('finds in the sample what is there to be found', () => {
    const { status, out, err } = run(program, ['check', 'sample'], clone);
    assert.equal(status, 1, err);
    assert.match(out, /drmm-releases-pinned-bo/);
    assert.match(run(program, ['fix', 'sample'], clone).out, /^\+.*devm_add_action_or_reset/m);
    assert.match(run(program, ['order', 'sample/sample_gpu'], clone).out, /sample_migrate_fini/);
  });

  it('brings its pages, its version and the language server', async () => {
    const page = run(program, ['explain', 'drmm-releases-pinned-bo'], folder);
    assert.match(page.out, /Why it is bad/i);
    assert.match(run(program, ['--version'], folder).out, /\d+\.\d+\.\d+/);
    const ask = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    const server = spawn(program, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      server.stdin.write(`Content-Length: ${ask.length}\r\n\r\n${ask}`);
      let said = '';
      for await (const data of server.stdout.setEncoding('utf8')) {
        said += String(data);
        if (said.includes('"name":"driver-teardown"')) return;
      }
      assert.fail(`the server said: ${said}`);
    } finally {
      server.kill();
    }
  });

  it('makes a stress kit', () => {
    const made = run(program, ['stress', 'sample/sample_gpu', '-o', join(folder, 'kit')], clone);
    assert.equal(made.status, 0, made.err);
    for (const name of ['stress.sh', 'hold.c'])
      assert.ok(statSync(join(folder, 'kit', name)).size > 1000, name);
  });

  it('brings the tools for assistants, the manual page and the completions', () => {
    const ask = [
      {
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
    ];
    const input = ask.map((one) => `${JSON.stringify({ jsonrpc: '2.0', ...one })}\n`).join('');
    const { stdout, status } = spawnSync(program, ['mcp'], { input, encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /"name":"check_patch"/);
    for (const name of ['man/driver-teardown.1', 'completions/driver-teardown.bash'])
      assert.ok(statSync(join(installed, name)).size > 1000, name);
  });

  it('holds no other packages, no sources, and little altogether', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(installed, name)).isFile(),
    );
    const unwanted = files.filter((name) => /node_modules|\.ts$|\.map$|extension\.cjs/.test(name));
    assert.deepEqual(unwanted, []);
    const size = files.reduce((sum, name) => sum + statSync(join(installed, name)).size, 0);
    assert.ok(size <= largest, `${size} bytes`);
    // The protocol's own package is larger than all of ours: only what serves is bundled.
    assert.ok(statSync(join(installed, 'dist/mcp.cjs')).size <= 200_000);
  });
});
