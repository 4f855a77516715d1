/**
 * Disks that are full or read-only: what is to be written there is refused with its reason, nothing of a file is lost,
 * nothing else is left, and a cache that cannot be kept changes no finding.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, TemporaryFolder } from '../../test/cli/support.ts';
import { below, type Kind, pick } from './kind.ts';
import { sample } from './server.ts';

const kilobytes = 512;

function textsOf(disk: string): Map<string, string> {
  const files = readdirSync(disk, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !name.endsWith('/fill'));
  return new Map(files.map((name) => [name, readFileSync(name, 'latin1')]));
}

/** Leaves so many bytes free. */
function fill(disk: string, free: number): void {
  for (let size = kilobytes * 1024; size >= 512; size = Math.floor(size / 2)) {
    try {
      writeFileSync(join(disk, 'fill'), Buffer.alloc(size, 120), { flag: 'a' });
      size *= 2;
    } catch {
      // Half of that, then.
    }
  }
  const text = readFileSync(join(disk, 'fill'));
  writeFileSync(join(disk, 'fill'), text.subarray(0, Math.max(0, text.length - free)));
}

const fates = ['full', 'almost full', 'read-only'] as const;

export const disks: Kind = {
  name: 'disks',
  async run(until, random) {
    const folder = new TemporaryFolder();
    const disk = folder.file('disk');
    mkdirSync(disk);
    const bad: string[] = [];
    const counts = new Map<string, number>();
    const findingsIn = async (cache: string | undefined): Promise<string> => {
      const words = ['check', '--format', 'json', ...(cache === undefined ? ['--no-cache'] : [])];
      const environment = cache === undefined ? {} : { DRIVER_TEARDOWN_CACHE: cache };
      const { out, err } = await run([...words, disk], folder.path, {
        environment,
      });
      if (out === '') throw new Error(`no report: ${err}`);
      return JSON.stringify((JSON.parse(out) as { readonly findings: unknown }).findings);
    };
    while (performance.now() < until) {
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk], {
          stdio: 'pipe',
        });
      } catch {
        folder.remove();
        return { done: '0 disks', bad, figures: 'only root may mount one' };
      }
      try {
        cpSync(sample, disk, { recursive: true });
        const want = await findingsIn(undefined);
        const fate = pick(random, fates);
        if (fate === 'read-only') execFileSync('mount', ['-o', 'remount,ro', disk]);
        else fill(disk, fate === 'full' ? 0 : below(random, 12_000));
        counts.set(fate, (counts.get(fate) ?? 0) + 1);
        const before = textsOf(disk);
        if ((await findingsIn(join(disk, '.cache'))) !== want) bad.push(`${fate}: other findings`);
        const { code, err } = await run(['fix', '--write', disk], folder.path);
        const after = textsOf(disk);
        // A fix that fits is written; one that does not leaves all of its files as they were, and says so.
        const isWritten = [...before].some(([name, text]) => after.get(name) !== text);
        if (!isWritten && !/cannot be written/.test(err)) bad.push(`${fate}: exit ${code}, ${err}`);
        if (isWritten && fate !== 'almost full') bad.push(`${fate}: something was written`);
        const lost = [...before.keys()].filter((name) => !(after.get(name) ?? '').includes('\n'));
        if (lost.length > 0) bad.push(`${fate}: lost ${lost.join()}`);
        const left = [...after.keys()].filter(
          (name) => !before.has(name) && !name.includes('/.cache/'),
        );
        if (left.length > 0) bad.push(`${fate}: left ${left.join()}`);
      } catch (error) {
        bad.push(String(error));
      } finally {
        execFileSync('umount', [disk]);
      }
    }
    folder.remove();
    const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
    return {
      done: `${all} disks`,
      bad,
      figures: [...counts].map(([name, count]) => `${count} ${name}`).join(', '),
    };
  },
};
