/**
 * `npm run hostile -- [--only WORDS] [--scale N] [--verbs check,order] [--seconds N]`: modules that somebody made to
 * hold the analysis up, each asked for in the ways people ask, with the processor time and the memory that this took.
 * Exit status 1 when one is over the bound.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { calls } from './hostile/calls.ts';
import type { Files, Shape } from './hostile/shape.ts';
import { texts } from './hostile/texts.ts';

const bound = { seconds: 2, megabytes: 300 };
const cli = join(import.meta.dirname, '../dist/cli.cjs');

const verbs: Readonly<Record<string, readonly string[]>> = {
  emacs: ['check', '--no-cache', '--jobs', '1', '--format', 'emacs'],
  check: ['check', '--no-cache', '--jobs', '1'],
  json: ['check', '--no-cache', '--jobs', '1', '--format', 'json'],
  order: ['order'],
  'order-json': ['order', '--format', 'json'],
};

interface Taken {
  readonly seconds: number;
  readonly megabytes: number;
  readonly status: string;
  readonly said: string;
}

/** What one run of the command line takes; `/proc` keeps what its memory came to until the parent asks. */
function run(args: readonly string[], folder: string, limit: number): Taken {
  const report = join(folder, '..', 'taken');
  const { status, signal, stderr } = spawnSync(
    'prlimit',
    [
      `--cpu=${limit}`,
      process.execPath,
      '--import',
      join(import.meta.dirname, 'hostile/taken.mjs'),
      cli,
      ...args,
    ],
    { cwd: folder, env: { ...process.env, TAKEN: report }, encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  const said = stderr.trim().split('\n').slice(0, 3).join(' | ');
  try {
    const { seconds, megabytes } = JSON.parse(readFileSync(report, 'utf8')) as Taken;
    rmSync(report);
    return { seconds, megabytes, status: String(status), said };
  } catch {
    return { seconds: limit, megabytes: Number.NaN, status: signal ?? `${status}`, said };
  }
}

function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    scale: { type: 'string', default: '1' },
    verbs: { type: 'string', default: Object.keys(verbs).join() },
    seconds: { type: 'string', default: '10' },
    list: { type: 'boolean', default: false },
  },
});

let over = 0;
const shapes: readonly Shape[] = [...calls, ...texts].filter(({ name }) =>
  name.includes(values.only),
);
for (const { name, size, files } of shapes) {
  const base = mkdtempSync(join(tmpdir(), 'hostile-'));
  const folder = join(base, 'tree');
  const number = Math.max(1, Math.round(size * Number(values.scale)));
  write(folder, { ...files(number), 'good/good.c': '' });
  const cells: string[] = [];
  const words = new Set<string>();
  for (const verb of values.verbs.split(',')) {
    const taken = run(verbs[verb] ?? [], folder, Number(values.seconds));
    const bad =
      !(taken.seconds <= bound.seconds) ||
      !(taken.megabytes <= bound.megabytes) ||
      !/^[01]$/.test(taken.status);
    if (bad) over++;
    cells.push(
      `${verb} ${taken.seconds.toFixed(1)} s ${taken.megabytes.toFixed(0)} MB${bad ? ` ! ${taken.status}` : ''}`,
    );
    if (taken.said !== '') words.add(taken.said.slice(0, 160));
  }
  console.log(`${number} ${name}: ${cells.join(', ')}`);
  for (const said of words) console.log(`    ${said}`);
  rmSync(base, { recursive: true });
}
console.log(`${over} runs over ${bound.seconds} s or ${bound.megabytes} MB`);
process.exit(over > 0 ? 1 : 0);
