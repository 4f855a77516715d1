/** One headless editor on a copy of the sample, and what it printed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export const fullFix = 'Convert to device-managed (devm): action, memory and callback';

/** Undefined when the program runs, else why not. */
export function lacking(program: string, args: readonly string[]): string | undefined {
  const { error, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  if (error !== undefined) return `${program} cannot be run: ${error.message}`;
  return status === 0 ? undefined : `${program} ${args.join(' ')} ends with status ${status}`;
}

export interface Session {
  /** The `key: value` lines that the editor's script printed, or wrote into $LSP_OUTPUT, values by key. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  readonly before: string;
  readonly after: string;
}

/**
 * Runs an editor's script to its end.
 * @throws AssertionError with all that it printed when its status is not 0
 */
export function edit(
  program: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Session {
  const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-editor-'));
  try {
    cpSync(join(root, 'sample'), folder, { recursive: true });
    const file = join(folder, 'sample_gpu/sample_migrate.c');
    const before = readFileSync(file, 'utf8');
    const { status, signal, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        HOME: folder,
        LSP_FILE: file,
        LSP_NODE: process.execPath,
        LSP_SERVER: join(root, 'dist/server.cjs'),
        LSP_TITLE: fullFix,
        LSP_OUTPUT: join(folder, 'said'),
        ...more,
      },
    });
    const written = join(folder, 'said');
    const output = existsSync(written) ? readFileSync(written, 'utf8') : stdout;
    assert.equal(status, 0, `${program} ended with ${signal ?? status}:\n${output}${stderr}`);
    return { said: parse(output), before, after: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(output: string): Map<string, string[]> {
  const said = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [, key, value] = /^(\w+): (.*?)\r?$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    said.set(key, [...(said.get(key) ?? []), value]);
  }
  return said;
}

/** What every editor must have seen and done. */
export function checkSession({ said, before, after }: Session): void {
  assert.deepEqual(said.get('done'), ['true']);
  assert.deepEqual(said.get('diagnostics'), ['1']);
  const registration = before.split('\n').findIndex((line) => /drmm_add_action/.test(line)) + 1;
  assert.deepEqual(said.get('line'), [String(registration)]);
  assert.match(said.get('message')?.[0] ?? '', /sample_migrate_fini/);
  assert.match(said.get('hover')?.[0] ?? '', /drmm.*drmm_add_action_or_reset\(\).* registers/);
  assert.match(said.get('lens')?.[0] ?? '', /^runs at the last put, \d+ of \d+$/);
  assert.equal(said.get('hint')?.length, 2);
  for (const hint of said.get('hint') ?? []) assert.match(hint, /^last put \d+\/\d+$/);
  assert.deepEqual(said.get('order'), ['sample_pci_probe, unbind:']);
  assert.ok(said.get('action')?.some((title) => title.startsWith(fullFix)));
  const expected = before
    // Nothing of it is used any more.
    .replace('#include <drm/drm_managed.h>\n\n', '')
    .replace(
      'sample_migrate_fini(struct drm_device *drm, void *arg)',
      'sample_migrate_fini(void *arg)',
    )
    .replace('drmm_kzalloc(&sdev->drm,', 'devm_kzalloc(sdev->drm.dev,')
    .replace('drmm_add_action_or_reset(&sdev->drm,', 'devm_add_action_or_reset(sdev->drm.dev,');
  assert.equal(after, expected);
}
