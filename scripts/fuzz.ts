/**
 * `npm run fuzz -- [--minutes N] [--seed N] [--only index|mask|makefile] [--keep]`: texts that were not written by
 * people, for the readers of sources and Makefiles. Whatever runs a part of a reader that no text before has run is
 * gone on from; with `--keep` such texts become part of test/fuzz/corpus, which the tests read. What breaks a reader
 * is written beside the corpus, and the exit status is 1.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEngine } from '../test/support/engine.ts';
import { Coverage } from './lib/coverage.ts';
import { breaks, changed, fuzzTargets, type Target } from './lib/fuzz-targets.ts';
import { seeded } from './lib/mutations.ts';

const corpus = join(import.meta.dirname, '../test/fuzz/corpus');
/** Short texts alone are kept: the corpus is for people, too. */
const longestKept = 1500;
/** So many for each reader. */
const mostKept = 40;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

function write(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.txt`);
  writeFileSync(name, text);
  return name;
}

async function fuzz(target: Target, coverage: Coverage, until: number): Promise<number> {
  const folder = join(corpus, target.name);
  const random = seeded(Number(values.seed));
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  if (texts.length === 0) texts.push('');
  for (const text of texts) breaks(target, text);
  await coverage.news(target.sources);
  const known = coverage.size;
  let [runs, broken, kept] = [0, 0, 0];
  const said = new Set<string>();
  for (; performance.now() < until; runs++) {
    const from = texts[Math.floor(random() ** 2 * texts.length)] ?? '';
    const text = changed(from, texts, target.pieces, random);
    const why = breaks(target, text);
    const [first = '', ...stack] = (why ?? '').split('\n');
    const cause = `${first} ${stack.find((line) => line.includes('/server/')) ?? ''}`.replace(
      /\d+/g,
      '',
    );
    if (why !== undefined && !said.has(cause)) {
      said.add(cause);
      broken++;
      console.log(
        `${target.name}: ${first}\n  ${write(join(corpus, '..', 'broken', target.name), text)}\n${stack.slice(0, 6).join('\n')}`,
      );
    }
    if ((await coverage.news(target.sources)) === 0) continue;
    texts.unshift(text);
    if (
      values.keep &&
      text.length <= longestKept &&
      texts.length <= mostKept &&
      why === undefined
    ) {
      write(folder, text);
      kept++;
    }
  }
  const more = coverage.size - known;
  console.log(
    `${target.name}: ${runs} texts, ${texts.length} to go on from, ${more} parts more, ${kept} kept, ${broken} broke it`,
  );
  return broken;
}

const targets = fuzzTargets(await loadEngine()).filter(
  ({ name }) => name === (values.only ?? name),
);
const coverage = new Coverage();
await coverage.start();
let broken = 0;
for (const target of targets)
  broken += await fuzz(
    target,
    coverage,
    performance.now() + (Number(values.minutes) * 60_000) / targets.length,
  );
coverage.stop();
process.exit(broken > 0 ? 1 : 0);
