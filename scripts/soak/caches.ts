/**
 * Kept answers that are cut, flipped, or somebody else's, and two writers of one cache: the findings stay what they
 * are.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programArguments } from '../../test/cli/support.ts';
import { checkIn, findingsOf } from './commands.ts';
import { below, type Kind } from './kind.ts';

const sample = join(import.meta.dirname, '../../sample');

/** A run of the program of its own, over the same cache. */
function another(folder: string, cache: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...programArguments(), 'check', '--jobs', '1', '--format', 'json'],
      { cwd: folder, env: { ...process.env, DRIVER_TEARDOWN_CACHE: cache } },
    );
    const out: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve(findingsOf({ code: code ?? 3, out: Buffer.concat(out).toString(), err: '' })),
    );
  });
}

export const caches: Kind = {
  name: 'caches',
  async run(until, random) {
    const base = mkdtempSync(join(tmpdir(), 'driver-teardown-soak-'));
    const [folder, cache] = [join(base, 'tree'), join(base, 'cache')];
    const before = process.env.DRIVER_TEARDOWN_CACHE;
    process.env.DRIVER_TEARDOWN_CACHE = cache;
    cpSync(sample, folder, { recursive: true });
    const want = findingsOf(await checkIn(folder, ['--no-cache', '--format', 'json']));
    const bad: string[] = [];
    let [damaged, pairs, seen] = [0, 0, 0];
    const kept = (): string[] =>
      readdirSync(cache, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    const damages: readonly ((bytes: Buffer, others: readonly string[]) => Buffer)[] = [
      (bytes) => bytes.subarray(0, below(random, bytes.length + 1)),
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[below(random, copy.length)] = below(random, 256);
        return copy;
      },
      (_, others) => readFileSync(others[below(random, others.length)] ?? ''),
      (bytes) => Buffer.concat([bytes, bytes]),
      (bytes) => Buffer.alloc(bytes.length),
    ];
    const look = async (what: string): Promise<void> => {
      const said = await checkIn(folder, ['--format', 'json']);
      if (said.out.includes('damaged answer')) seen++;
      if (findingsOf(said) !== want) bad.push(`${what}: ${said.out.slice(0, 300)}`);
    };
    await look('the first run');
    while (performance.now() < until) {
      const all = kept();
      for (const file of all) {
        const damage = below(random, damages.length);
        writeFileSync(file, damages[damage]?.(readFileSync(file), all) ?? '');
        damaged++;
        if (random() < 0.5) await look(`damage ${damage}`);
      }
      await look('all damaged');
      if (random() < 0.1) {
        rmSync(cache, { recursive: true });
        pairs++;
        const both = await Promise.all([another(folder, cache), another(folder, cache)]);
        if (both.some((one) => one !== want)) bad.push('two writers');
        await look('after two writers');
      }
    }
    if (before === undefined) delete process.env.DRIVER_TEARDOWN_CACHE;
    else process.env.DRIVER_TEARDOWN_CACHE = before;
    rmSync(base, { recursive: true });
    return {
      done: `${damaged} kept answers damaged`,
      bad,
      figures: `${seen} of them told, ${pairs} times two writers`,
    };
  },
};
