/** Sources, Makefiles and configurations that were changed at random: each tree is answered, in time. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '../../test/support/engine.ts';
import { changed, fuzzTargets } from '../lib/fuzz-targets.ts';
import { checkIn } from './commands.ts';
import { type Kind, megabytes, pick, quantile } from './kind.ts';

const sample = join(import.meta.dirname, '../../sample');
const bound = { seconds: 10, megabytes: 500 };

const configuration = JSON.stringify({
  severities: { 'unchecked-registration': 'error' },
  exclude: ['old/**', '{a,b}/**/c?.c'],
  kernelVersion: '6.12',
  baseline: 'base.json',
  conversions: ['**'],
  catalog: { releases: [{ name: 'x_put', driver: 'x', verb: 'puts', what: 'BO', object: 0 }] },
});
const words = '{ } [ ] " , : null true 0 -1 1e999 "a" [[ {"a": // /* */ \\u0000 **/ ! ~'.split(' ');

export const inputs: Kind = {
  name: 'inputs',
  async run(until, random) {
    const targets = fuzzTargets(await loadEngine());
    const piecesOf = (name: string): readonly string[] =>
      targets.find((target) => target.name === name)?.pieces ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-soak-'));
    const bad: string[] = [];
    const times: number[] = [];
    const codes = new Map<number, number>();
    cpSync(sample, folder, { recursive: true });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.[ch]$|Makefile$/.test(name),
    );
    const original = new Map<string, string>(
      files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
    original.set('.driver-teardown.json', configuration);
    const names = [...original.keys()];
    const texts = [...original.values()];
    while (performance.now() < until) {
      const name = pick(random, names);
      const pieces = name.endsWith('.json')
        ? words
        : piecesOf(name.endsWith('Makefile') ? 'makefile' : 'index');
      const text = changed(original.get(name) ?? '', texts, pieces, random);
      writeFileSync(join(folder, name), text);
      const from = process.cpuUsage();
      let why: string | undefined;
      try {
        const { code } = await checkIn(folder, [
          '--no-cache',
          '--format',
          // Trying fixes takes most of the time, and is the same for most changes.
          random() < 0.2 ? 'json' : 'emacs',
        ]);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      } catch (error) {
        why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      }
      // Processor time: a machine that has others to do is not the program's fault.
      const { user, system } = process.cpuUsage(from);
      const seconds = (user + system) / 1e6;
      times.push(seconds);
      if (seconds > bound.seconds) why ??= `${seconds.toFixed(1)} s`;
      if (megabytes() > bound.megabytes * 3) why ??= `${megabytes()} MB`;
      if (why !== undefined) bad.push(`${name}: ${why}\n${JSON.stringify(text.slice(0, 2000))}`);
      writeFileSync(join(folder, name), original.get(name) ?? '');
    }
    rmSync(folder, { recursive: true });
    const exits = [...codes].map(([code, count]) => `${count} × exit ${code}`).join(', ');
    return {
      done: `${times.length} changed trees`,
      bad,
      figures: `${exits}; the longest ${Math.max(...times).toFixed(1)} s, p95 ${quantile(times, 0.95).toFixed(2)} s, ${megabytes()} MB at the end`,
    };
  },
};
