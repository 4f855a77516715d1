/**
 * `npm run soak -- [EDITS] [--minutes N [--only KIND]] [--seed N] [FOLDER…]`: random edits of real drivers, after
 * each of which a pass that follows them must say what a fresh one says: findings, chains and orders. Folders are below
 * drivers/gpu/drm of Linux 6.12; exit status 1 when any answer differs. With `--minutes` the folders take turns
 * until a third of the time is over, with another seed each time; the first one comes from the commit. The rest goes
 * to what else wears a program out (scripts/soak): changed inputs, storms of requests, servers that start, damaged
 * caches, full disks, trees that come and go, and a day in minutes. `--only KIND` runs one of them alone.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeModule } from '../server/src/core/analyze.ts';
import { SourceFile } from '../server/src/core/facts/source-file.ts';
import type { Pass } from '../server/src/core/pass.ts';
import { pieces } from '../test/support/edits.ts';
import { type Engine, loadEngine } from '../test/support/engine.ts';
import { seeded } from './lib/mutations.ts';
import { caches } from './soak/caches.ts';
import { day } from './soak/day.ts';
import { disks } from './soak/disks.ts';
import { inputs } from './soak/inputs.ts';
import { starts } from './soak/starts.ts';
import { storm } from './soak/storm.ts';
import { trees } from './soak/trees.ts';

/** After so many edits all files are as they were. */
const burst = 12;

interface Outcome {
  readonly different: readonly string[];
  /** Milliseconds for an edit, and for a fresh analysis of the same texts. */
  readonly following: number;
  readonly fresh: number;
}

function soak({ reading, catalog }: Engine, folder: string, edits: number, seed: number): Outcome {
  const names = readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .sort();
  const original = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const texts = new Map(original);
  const files = new Map<string, SourceFile>();
  const put = (name: string, text: string): void => {
    texts.set(name, text);
    files.set(name, new SourceFile(reading, name, text, files.get(name)));
  };
  for (const [name, text] of original) put(name, text);
  const analyse = (sources: Iterable<SourceFile>, previous?: Pass) => {
    const from = performance.now();
    const input = { name: 'module', files: [...sources], problems: [] };
    const { report, order, pass } = analyzeModule(input, catalog, { severities: {} }, previous);
    return { text: JSON.stringify([report, order()]), pass, ms: performance.now() - from };
  };
  let state = seed;
  const random = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  let { pass } = analyse(files.values());
  const different: string[] = [];
  let [following, fresh] = [0, 0];
  for (let i = 0; i < edits; i++) {
    if (i % burst === burst - 1)
      for (const [name, text] of original) if (texts.get(name) !== text) put(name, text);
    const name = names[random(names.length)] ?? '';
    const text = texts.get(name) ?? '';
    const at = random(text.length);
    put(name, text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + random(4)));
    const kept = analyse(files.values(), pass);
    pass = kept.pass;
    const again = analyse([...texts].map(([path, now]) => new SourceFile(reading, path, now)));
    following += kept.ms;
    fresh += again.ms;
    if (kept.text !== again.text) different.push(`edit ${i} of ${name} at ${at}`);
  }
  return { different, following: following / edits, fresh: fresh / edits };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const isCount = /^\d+$/.test(positionals[0] ?? '');
const edits = isCount ? Number(positionals[0]) : 50;
const asked = isCount ? positionals.slice(1) : positionals;
const tree = execFileSync(join(import.meta.dirname, 'fetch-kernel.sh'), ['6.12'], {
  encoding: 'utf8',
}).trim();
const drm = join(tree, 'drivers/gpu/drm');
const few = ['panthor', 'qxl', 'tilcdc', 'vboxvideo', 'virtio'];
const engine = await loadEngine();
const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1e6);
const whole = Number(values.minutes) * 60_000;
const until =
  values.minutes === undefined
    ? undefined
    : performance.now() +
      (values.only === undefined ? whole / 3 : values.only === 'edits' ? whole : 0);
let [bad, done, seed] = [0, 0, values.seed === undefined ? seedOfCommit() : Number(values.seed)];
const before = megabytes();

/** Every commit is tried with other edits, and each can be tried again. */
function seedOfCommit(): number {
  if (until === undefined) return 7;
  const hash = execFileSync('git', ['rev-parse', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  return Number.parseInt(hash.slice(0, 7), 16) + 1;
}

/** Drivers of a size that is read in a second or so, several times a minute. */
function driversOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => {
      const sources = readdirSync(join(folder, name)).filter((file) => /\.[ch]$/.test(file));
      return sources.some((file) => file.endsWith('.c')) && sources.length <= 60;
    });
}

function round(folder: string): void {
  const { different, following, fresh } = soak(engine, join(drm, folder), edits, seed);
  bad += different.length;
  done += edits;
  const times = `${following.toFixed(0)} ms each, fresh ${fresh.toFixed(0)} ms`;
  const what = `${edits} edits with seed ${seed}, ${different.length} answers differ; ${times}`;
  console.log(`${folder}: ${what}`);
  for (const one of different.slice(0, 5)) console.log(`  ${one}`);
}

if (until === undefined) for (const folder of asked.length > 0 ? asked : few) round(folder);
else {
  const folders = asked.length > 0 ? asked : driversOf(drm);
  for (let i = 0; performance.now() < until; i++, seed++) round(folders[i % folders.length] ?? '');
}
console.log(`${done} edits, ${bad} answers differ; ${before} MB at first, ${megabytes()} MB now`);
if (until !== undefined) bad += await others();
process.exit(bad > 0 ? 1 : 0);

/** The other kinds, one after the other. @returns how much was bad */
async function others(): Promise<number> {
  const modules = driversOf(drm)
    .slice(0, 12)
    .map((name) => join(drm, name));
  const kinds = [inputs, storm, starts, caches, disks, trees, day(modules)].filter(
    ({ name }) => name === (values.only ?? name),
  );
  const each = (values.only === undefined ? (whole * 2) / 3 : whole) / Math.max(1, kinds.length);
  let sum = 0;
  for (const kind of kinds) {
    const outcome = await kind.run(performance.now() + each, seeded(seed));
    console.log(`${kind.name}: ${outcome.done}, ${outcome.bad.length} bad; ${outcome.figures}`);
    for (const one of outcome.bad.slice(0, 5)) console.log(`  ${one}`);
    sum += outcome.bad.length;
  }
  return sum;
}
