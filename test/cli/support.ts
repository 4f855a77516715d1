/** Runs the program as a user would, on small drivers written for the purpose. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { skip } from '../skip.ts';

const repository = join(import.meta.dirname, '..', '..');

export interface Outcome {
  readonly code: number | null;
  readonly bytes: Buffer;
  readonly out: string;
  readonly err: string;
}

function newestSource(): number {
  const folders = ['server/src', 'server/catalog'].map((name) => join(repository, name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** The bundle when it is newer than its sources, else the sources: a test must not judge old code. */
export function programArguments(): string[] {
  const bundle = join(repository, 'dist', 'cli.cjs');
  const isFresh = ['cli.cjs', 'server.cjs', 'mcp.cjs'].every((name) => {
    const file = join(repository, 'dist', name);
    return existsSync(file) && statSync(file).mtimeMs > newestSource();
  });
  if (isFresh) return [bundle];
  return [
    '--import',
    join(repository, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
    join(repository, 'server', 'src', 'program.ts'),
  ];
}

export interface RunOptions {
  /** A program that starts another with other rights: `setpriv …`. */
  readonly through?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

export function run(
  args: readonly string[],
  cwd: string,
  { through = [], environment: more = {} }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const environment = {
      ...process.env,
      DRIVER_TEARDOWN_CACHE: join(cwd, '.cache'),
      NO_COLOR: '',
      ...more,
    };
    const [program = '', ...words] = [...through, process.execPath, ...programArguments(), ...args];
    const child = spawn(program, words, {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({
        code,
        bytes,
        out: bytes.toString('utf8'),
        err: Buffer.concat(err).toString('utf8'),
      });
    });
  });
}

/**
 * Runs the program as a user whom permissions bind: root becomes nobody for it.
 * @param context `this` of the test, which is skipped where that cannot be
 */
export function runAsNobody(
  context: Mocha.Context,
  args: readonly string[],
  folder: TemporaryFolder,
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  if (process.getuid === undefined) skip(context, 'permissions of this kind are not known here');
  if (process.getuid() !== 0) return run(args, folder.path, { environment });
  const through = ['setpriv', '--reuid=65534', '--clear-groups'];
  const [program = '', ...words] = through;
  const works = spawnSync(program, [
    ...words,
    process.execPath,
    ...programArguments(),
    '--version',
  ]);
  if (works.status !== 0) skip(context, 'root can read every file, and setpriv does not work here');
  chmodSync(folder.path, 0o777);
  const home = { DRIVER_TEARDOWN_CACHE: folder.file('.cache-of-nobody'), ...environment };
  return run(args, folder.path, { through, environment: home });
}

export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder that is gone after the test. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'driver-teardown-test-'));

  write(files: Files): this {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return this;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A driver that unpins a BO in a drmm action. */
export const faulty = `// SPDX-License-Identifier: MIT
#include <drm/drm_managed.h>
#include "toy.h"

static void toy_ring_fini(struct drm_device *drm, void *arg)
{
	struct toy_ring *ring = arg;

	ttm_bo_unpin(ring->bo);
}

int toy_ring_init(struct toy_device *toy, struct toy_ring *ring)
{
	int err;

	err = ttm_bo_pin(ring->bo);
	if (err)
		return err;

	return drmm_add_action_or_reset(&toy->drm, toy_ring_fini, ring);
}
`;

export const header = `struct toy_ring {
	struct ttm_buffer_object *bo;
};

struct toy_device {
	struct drm_device drm;
	struct toy_ring ring;
};

int toy_ring_init(struct toy_device *toy, struct toy_ring *ring);
`;

export const probe = `#include <linux/pci.h>
#include "toy.h"

static int toy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct toy_device *toy;

	toy = devm_drm_dev_alloc(&pdev->dev, &toy_driver, struct toy_device, drm);
	if (IS_ERR(toy))
		return PTR_ERR(toy);

	return toy_ring_init(toy, &toy->ring);
}

static void toy_remove(struct pci_dev *pdev)
{
}

static struct pci_driver toy_pci_driver = {
	.name = "toy",
	.probe = toy_probe,
	.remove = toy_remove,
};
`;

/** A whole module: Makefile, header, two sources, one finding at toy_ring.c line 20. */
export const toyDriver: Files = {
  Makefile: 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o\n',
  'toy.h': header,
  'toy_drv.c': probe,
  'toy_ring.c': faulty,
};

/** The same below a tree that looks like the kernel's. */
export function inKernelTree(files: Files, folder = 'drivers/gpu/drm/toy'): Files {
  return {
    Kbuild: '',
    MAINTAINERS: '',
    Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])),
  };
}
