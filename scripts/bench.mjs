/**
 * `npm run bench [-- RUNS]`: times on the real xe driver, beside spatch on the same folder. Whole
 * processes, node's start included; each figure is the median of RUNS (5), with the extremes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(
  import.meta.url,
)('vscode-jsonrpc/node');
const runs = Number(process.argv[2] ?? 5);
const tree = spawnSync(join(root, 'scripts/fetch-kernel.sh'), ['6.12'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
}).stdout.trim();
if (!tree) process.exit(1);
const xe = join(tree, 'drivers/gpu/drm/xe');
const cli = join(root, 'dist/cli.cjs');
const cache = mkdtempSync(join(tmpdir(), 'driver-teardown-bench-'));

function timed(command, args, env = {}) {
  const from = performance.now();
  const { status, error } = spawnSync(command, args, {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  if (error || status === null || status > 1) return undefined;
  return performance.now() - from;
}

async function report(name, bound, measure) {
  const times = [];
  for (let i = 0; i < runs; i++) {
    const time = await measure();
    if (time === undefined)
      return console.log(`${name.padEnd(58)} not measured: the command is not here`);
    times.push(time);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  const verdict =
    bound === undefined ? '' : median < bound ? `  within ${bound} ms` : `  OVER ${bound} ms`;
  console.log(
    `${name.padEnd(58)} ${median.toFixed(0).padStart(6)} ms  (${times[0].toFixed(0)} to ${times[times.length - 1].toFixed(0)})${verdict}`,
  );
}

/** A server of its own with an empty cache; `use` gets what a client would have. */
async function withServer(use) {
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: mkdtempSync(join(cache, 'lsp-')) },
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest(() => null);
  connection.listen();
  try {
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(tree).href,
      capabilities: { textDocument: { diagnostic: {} } },
    });
    await connection.sendNotification('initialized', {});
    return await use(connection, performance.now());
  } finally {
    connection.dispose();
    child.kill();
  }
}

const open = (connection, uri, text) =>
  connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'c', version: 1, text },
  });
const diagnostics = (connection, uri) =>
  connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });

console.log(
  `${cpus().length} cores, node ${process.version}, drivers/gpu/drm/xe of linux ${readFileSync(join(tree, '.complete'), 'utf8').trim()}, ${runs} runs each`,
);
await report('check, cold', 3000, () => timed(process.execPath, [cli, 'check', xe, '--no-cache']));
timed(process.execPath, [cli, 'check', xe], { XDG_CACHE_HOME: cache });
await report('check, facts in the cache', undefined, () =>
  timed(process.execPath, [cli, 'check', xe], { XDG_CACHE_HOME: cache }),
);
await report('peer: spatch finds registrations and callbacks, -j 2', undefined, () =>
  timed('spatch', [
    '--very-quiet',
    '-j',
    '2',
    '--dir',
    xe,
    '--sp-file',
    join(root, 'test/bench/registrations.cocci'),
  ]),
);

const migrate = join(xe, 'xe_migrate.c');
await report('server: didOpen to the first squiggle, nothing cached', 2000, () =>
  withServer(async (connection, from) => {
    const uri = pathToFileURL(migrate).href;
    await open(connection, uri, readFileSync(migrate, 'utf8'));
    for (;;) {
      const answer = await diagnostics(connection, uri).catch(() => undefined);
      if (answer?.items?.length > 0) return performance.now() - from;
    }
  }),
);

const vm = join(xe, 'xe_vm.c');
await withServer(async (connection) => {
  const uri = pathToFileURL(vm).href;
  const text = readFileSync(vm, 'utf8');
  await open(connection, uri, text);
  await diagnostics(connection, uri);
  const line = text.slice(0, text.indexOf('{\n', text.length >> 1) + 2).split('\n').length - 1;
  let version = 1;
  // The first keystrokes meet code that is not compiled yet; a user's hundredth does not.
  const settle = async (n) => {
    for (let i = 0; i < n; i++) await type();
  };
  const type = async () => {
    const from = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [
        { range: { start: { line, character: 0 }, end: { line, character: 0 } }, text: 'x' },
      ],
    });
    await diagnostics(connection, uri);
    return performance.now() - from;
  };
  await report('server: the first keystrokes in xe_vm.c to diagnostics', undefined, type);
  await settle(15);
  await report('server: a keystroke in xe_vm.c to its diagnostics', 100, type);
  await report('server: the teardown order of xe after a keystroke', 50, async () => {
    await type();
    const from = performance.now();
    const { entries } = await connection.sendRequest('driverTeardown/order', { uri });
    return entries.length > 0 ? performance.now() - from : undefined;
  });
});
rmSync(cache, { recursive: true, force: true });
