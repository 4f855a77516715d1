/** What the kernel's own scripts say of a patch and of the comments of the files that it leaves. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Applied } from './offers.ts';
import { bytesOf } from './offers.ts';

function perl(args: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    execFile('perl', args, { maxBuffer: 1 << 26 }, (error, out, said) =>
      resolve({ ok: error === null, text: `${out}${said}`.trim() }),
    );
  });
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-mail-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns what checkpatch complains of beside the sign-off that is left to the author */
export function checkpatch(source: string, patch: Buffer): Promise<readonly string[]> {
  return inFolder(async (folder) => {
    const file = join(folder, 'one.patch');
    writeFileSync(file, patch);
    const script = join(source, 'scripts', 'checkpatch.pl');
    const options = [`--root=${source}`, '--no-tree', '--terse', '--ignore', 'MISSING_SIGN_OFF'];
    const { ok, text } = await perl([script, ...options, file]);
    if (ok) return [];
    const lines = text.split('\n').filter((line) => /(?:ERROR|WARNING|CHECK):/.test(line));
    return lines.map((line) => `checkpatch: ${line.replace(/^\S*?:\d+: /, '')}`);
  });
}

/** Comments that describe parameters which are gone, and parameters without a description. */
export function kernelDoc(source: string, applied: Applied): Promise<readonly string[]> {
  const script = join(source, 'scripts', 'kernel-doc');
  const say = async (folder: string, texts: ReadonlyMap<string, Buffer>): Promise<string[]> => {
    const files = [...texts].map(([file, bytes]) => {
      const path = join(folder, basename(file));
      writeFileSync(path, bytes);
      return path;
    });
    const { text } = await perl([script, '-none', '-Wall', ...files]);
    return text.split('\n').filter((line) => line.includes('warning:'));
  };
  return inFolder(async (folder) => {
    const plain = (line: string): string => line.replace(`${folder}/`, '').replace(/:\d+:/, ':');
    const after = (await say(folder, bytesOf(applied))).map(plain);
    if (after.length === 0) return [];
    const old = applied.files.map((one) => ({ ...one, after: one.before }));
    const before = new Set((await say(folder, bytesOf({ ...applied, files: old }))).map(plain));
    return after.filter((line) => !before.has(line)).map((line) => `kernel-doc: ${line}`);
  });
}
