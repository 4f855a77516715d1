/**
 * `npm run bench [-- ROW…] [--runs N]`: the rows of docs/performance.md, measured on real kernel
 * source, each beside its peer in the same run. Whole processes, node's start included; a figure is
 * the median of N runs (5) with the extremes, of keystrokes the percentiles over all edits. Without
 * names all rows but `kernel` are measured; `npm run bench -- --list` tells what they are.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BenchClient } from './lib/bench-client.mjs';
import { lineThrough, plotOf, writeModules } from './lib/growth.mjs';
import { median, quantile, run, warm } from './lib/measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/cli.cjs');
const bodies = 12;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    edits: { type: 'string', default: '100' },
    list: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
const edits = Number(options.edits);

const round = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const spread = (values, show) =>
  `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`;

/** One row of the table, and how loaded the machine was then. */
function say(what, target, measured, peer = '–') {
  const load = loadavg()[0].toFixed(1);
  console.log(`| ${what} | ${target} | ${measured} | ${peer} | ${load} |`);
}

function tree(version, ...flags) {
  const { stdout } = spawnSync(join(root, 'scripts/fetch-kernel.sh'), [...flags, version], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const path = stdout.trim();
  if (path === '') throw new Error(`there is no kernel tree ${version}`);
  return path;
}

/** Cold unless it gets a folder to keep answers in. */
const check = (paths, { kept, ...how } = {}) =>
  run(process.execPath, [cli, 'check', ...paths, ...(kept ? [] : ['--no-cache'])], {
    ...how,
    env: kept ? { DRIVER_TEARDOWN_CACHE: kept } : {},
  });

/** The same question by pattern: who registers what. */
const spatch = (folder) =>
  run(
    'spatch',
    [
      '--very-quiet',
      '-j',
      '2',
      '--dir',
      folder,
      '--sp-file',
      join(root, 'test/bench/registrations.cocci'),
    ],
    // It puts a folder where it is started, and leaves it there when it is ended early.
    { cwd: cache },
  );

/** A cold check beside spatch on the same folder, in turns, so that what else runs hits both. */
async function besideSpatch(what, target, folder) {
  warm(folder);
  const [ours, peers] = [[], []];
  for (let i = 0; i < runs; i++) {
    const own = await check([folder]);
    if (own === undefined) throw new Error(`check ${folder} failed`);
    ours.push(own.ms);
    const peer = await spatch(folder);
    if (peer) peers.push(peer.ms);
  }
  const hasPeer = peers.length === runs;
  const ratio = hasPeer ? `${(median(ours) / median(peers)).toFixed(2)} ×, ` : '';
  say(
    what,
    target,
    `${ratio}${spread(ours, seconds)}`,
    hasPeer ? `spatch ${spread(peers, seconds)}` : 'spatch is not here',
  );
}

/** A check of what has not changed since the last one, beside a cold one in the same turn. */
async function unchanged(what, target, folder) {
  warm(folder);
  const kept = mkdtempSync(join(cache, 'kept-'));
  await check([folder], { kept });
  const [cached, cold] = [[], []];
  for (let i = 0; i < runs; i++) {
    const again = await check([folder], { kept });
    const anew = await check([folder]);
    if (again === undefined || anew === undefined) throw new Error(`check ${folder} failed`);
    cached.push(again.ms);
    cold.push(anew.ms);
  }
  const ratio = (median(cached) / median(cold)).toFixed(2);
  const mb = round(bytesIn(kept) / 1024 / 1024);
  say(
    what,
    target,
    `${ratio} ×, ${spread(cached, seconds)}, cache ${mb} MB`,
    `cold ${spread(cold, seconds)}`,
  );
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

async function peak(what, target, paths) {
  const all = [];
  for (let i = 0; i < runs; i++) {
    const one = await check(paths, { memory: true });
    if (one === undefined) throw new Error(`check ${paths.join(' ')} failed`);
    all.push(one);
  }
  const mb = all.map((one) => one.mb);
  const ms = all.map((one) => one.ms);
  say(what, target, `${spread(mb, round)} MB in ${spread(ms, seconds)}`);
}

async function withServer(folder, use) {
  const client = await BenchClient.start(cli, folder, mkdtempSync(join(cache, 'lsp-')));
  try {
    return await use(client);
  } finally {
    await client.stop();
  }
}

const percentiles = (times) =>
  `p50 ${round(quantile(times, 0.5))}, p95 ${round(quantile(times, 0.95))}, most ${round(Math.max(...times))} ms`;

/** Cold checks of trees of 1 to 320 equal modules: what each more costs must not grow with their number. */
async function growth() {
  const points = [];
  for (const count of [1, 5, 20, 80, 320]) {
    const folder = mkdtempSync(join(cache, `growth-${count}-`));
    writeModules(folder, count);
    warm(folder);
    const times = [];
    for (let i = 0; i < runs; i++) times.push((await check([folder]))?.ms);
    if (times.includes(undefined)) throw new Error(`check of ${count} modules failed`);
    points.push([count, median(times)]);
  }
  const { slope, base } = lineThrough(points);
  const [[, first]] = points;
  const [count, last] = points[points.length - 1];
  const [before, middle] = points[points.length - 2];
  // What each module costs among the many, against what each costs among the fewer.
  const ratio = (last - first) / (count - 1) / ((middle - first) / (before - 1));
  writeFileSync(join(root, 'docs/growth.svg'), plotOf(points));
  say(
    'growth with size, 1 to 320 modules',
    'linear',
    `${base.toFixed(0)} ms + ${slope.toFixed(1)} ms per module; per module ${ratio.toFixed(2)} × at 320 of that at 80`,
    points.map(([n, ms]) => `${n}: ${seconds(ms)}`).join(', '),
  );
}

const files = {
  panthor: 'drivers/gpu/drm/panthor/panthor_drv.c',
  xe_migrate: 'drivers/gpu/drm/xe/xe_migrate.c',
  xe_vm: 'drivers/gpu/drm/xe/xe_vm.c',
  intel_display: 'drivers/gpu/drm/i915/display/intel_display.c',
  amdgpu_dm: 'drivers/gpu/drm/amd/display/amdgpu_dm/amdgpu_dm.c',
};

const rows = {
  xe: {
    about: 'cold check of xe, beside spatch',
    measure: (at) =>
      besideSpatch('cold check of xe', '≤ 0.8 × spatch', join(at, 'drivers/gpu/drm/xe')),
  },
  drm: {
    about: 'cold check of drivers/gpu/drm, beside spatch',
    measure: (at) =>
      besideSpatch('cold check of drivers/gpu/drm', '≤ 1.2 × spatch', join(at, 'drivers/gpu/drm')),
  },
  cached: {
    about: 'check of drivers/gpu/drm with nothing changed, beside a cold one',
    measure: (at) =>
      unchanged(
        'check of drivers/gpu/drm, unchanged, cached',
        '≤ 0.1 × cold, cache ≤ 40 MB',
        join(at, 'drivers/gpu/drm'),
      ),
  },
  memory: {
    about: 'peak memory of all processes of a check of DRM and accel',
    measure: (at) =>
      peak('peak memory, whole DRM and accel', '≤ 400 MB', [
        join(at, 'drivers/gpu/drm'),
        join(at, 'drivers/accel'),
      ]),
  },
  kernel: {
    about: 'the drivers and sound of a whole kernel (only when named)',
    measure: () => {
      const whole = tree('6.12', '--full');
      return peak('drivers and sound of a whole kernel, cold', '≤ 60 s, ≤ 1.2 GB', [
        join(whole, 'drivers'),
        join(whole, 'sound'),
      ]);
    },
  },
  keystroke: {
    about: 'a keystroke to its diagnostics in xe_vm.c, intel_display.c, amdgpu_dm.c',
    measure: async (at) => {
      for (const [name, target] of [
        ['xe_vm', 30],
        ['intel_display', 40],
        ['amdgpu_dm', 40],
      ]) {
        const times = await withServer(at, async (client) => {
          const uri = await client.open(join(at, files[name]));
          await client.diagnostics(uri);
          return client.type(uri, edits, bodies);
        });
        const what = `keystroke to diagnostics, ${name}.c, ${edits} edits in ${bodies} bodies`;
        say(what, `p95 ≤ ${target} ms, never over 100`, percentiles(times));
      }
    },
  },
  first: {
    about: 'didOpen to the first diagnostics of a new server: panthor, xe_migrate, amdgpu_dm',
    measure: async (at) => {
      for (const [name, target] of [
        ['panthor', '0.3'],
        ['xe_migrate', '0.9'],
        ['amdgpu_dm', '2.0'],
      ]) {
        const times = [];
        for (let i = 0; i < runs; i++) {
          times.push(
            await withServer(at, async (client) => {
              const from = performance.now();
              await client.diagnostics(await client.open(join(at, files[name])));
              return performance.now() - from;
            }),
          );
        }
        say(`first diagnostics, empty cache, ${name}`, `≤ ${target} s`, spread(times, seconds));
      }
    },
  },
  annotations: {
    about: 'order, hover and lens after an edit in amdgpu_dm.c',
    measure: async (at) => {
      const asked = [
        ['order', 50, 'driverTeardown/order', ({ uri }) => ({ uri })],
        [
          'hover',
          20,
          'textDocument/hover',
          ({ uri, position }) => ({ textDocument: { uri }, position }),
        ],
        ['lens', 20, 'textDocument/codeLens', ({ uri }) => ({ textDocument: { uri } })],
      ];
      const times = new Map(asked.map(([name]) => [name, []]));
      await withServer(at, async (client) => {
        const uri = await client.open(join(at, files.amdgpu_dm));
        await client.diagnostics(uri);
        let turn = 0;
        await client.type(uri, edits, bodies, async (_, position) => {
          // One of them after each edit: the second would find ready what the first has made.
          const [name, , method, params] = asked[turn++ % asked.length];
          const from = performance.now();
          await client.request(method, params({ uri, position }));
          times.get(name).push(performance.now() - from);
        });
      });
      for (const [name, target] of asked)
        say(
          `${name} after an edit, amdgpu_dm.c`,
          `p95 ≤ ${target} ms`,
          percentiles(times.get(name)),
        );
    },
  },
  server: {
    about: 'memory of a server after xe, i915, amdgpu and ten times --edits edits',
    measure: async (at) => {
      await withServer(at, async (client) => {
        const said = [];
        const uris = [];
        for (const name of ['xe_vm', 'intel_display', 'amdgpu_dm']) {
          const uri = await client.open(join(at, files[name]));
          await client.diagnostics(uri);
          uris.push(uri);
          said.push(`${round(client.memory.now)} after ${name}`);
        }
        for (let i = 0; i < 10; i++) await client.type(uris[i % uris.length], edits, bodies);
        said.push(`${round(client.memory.now)} after ${10 * edits} edits`);
        said.push(`most ${round(client.memory.most)}`);
        const what = `server memory, xe, i915, amdgpu and ${10 * edits} edits`;
        say(what, '≤ 350 MB, flat', `${said.join(', ')} MB`);
      });
    },
  },
};

rows.growth = {
  about: 'cold checks of 1, 5, 20, 80 and 320 generated modules; writes docs/growth.svg',
  measure: growth,
};

const unknown = positionals.filter((name) => !(name in rows));
if (unknown.length > 0 || options.list || !(runs > 0) || !(edits > 0)) {
  if (unknown.length > 0) console.error(`error: no row ${unknown.join(', ')}; there are`);
  for (const [name, { about }] of Object.entries(rows)) console.log(`${name.padEnd(12)} ${about}`);
  process.exit(options.list ? 0 : 2);
}
const cache = mkdtempSync(join(tmpdir(), 'driver-teardown-bench-'));
try {
  // Generated modules need no kernel.
  const at = positionals.join() === 'growth' ? undefined : tree('6.12');
  const version = at === undefined ? 'no' : readFileSync(join(at, '.complete'), 'utf8').trim();
  console.log(
    `${cpus().length} cores, node ${process.version}, ${version} linux, ${runs} runs each\n`,
  );
  console.log('| what | target | measured | peer, same run | load |\n|---|---|---|---|---|');
  const wanted =
    positionals.length > 0 ? positionals : Object.keys(rows).filter((n) => n !== 'kernel');
  for (const name of wanted) await rows[name].measure(at);
} finally {
  rmSync(cache, { recursive: true, force: true });
}
