/** A small driver for the requests that annotate the source, and a client that is on it. */
import type { ClientCapabilities } from 'vscode-languageserver-protocol/node';
import { type Files, inKernelTree, TemporaryFolder } from '../cli/support.ts';
import { Client, modern } from './client.ts';

export const folderName = 'drivers/gpu/drm/toy';

export const header = `#include <drm/drm_managed.h>

struct toy_ring {
	struct ttm_buffer_object *bo;
};

struct toy_device {
	struct drm_device drm;
	struct toy_ring ring;
};

int toy_ring_init(struct toy_device *toy, struct toy_ring *ring);
int toy_on_unbind(struct toy_device *toy, void (*fn)(void *), void *arg);
`;

/** Two drivers in one module: both get to the ring, the aux one has nothing else. */
export const driver = `#include <linux/pci.h>
#include "toy.h"

/* devm_add_action_or_reset in a comment means nothing */
static void toy_stop(void *arg)
{
	toy_write(arg, 0);
}

int toy_on_unbind(struct toy_device *toy, void (*fn)(void *), void *arg)
{
	return devm_add_action_or_reset(toy->drm.dev, fn, arg);
}

static int toy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct toy_device *toy;
	int err;

	toy = devm_drm_dev_alloc(&pdev->dev, &toy_driver, struct toy_device, drm);
	if (IS_ERR(toy))
		return PTR_ERR(toy);

	err = toy_on_unbind(toy, toy_stop, toy);
	if (err)
		return err;

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

static int toy_aux_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct toy_device *toy = auxiliary_get_drvdata(adev);

	return toy_ring_init(toy, &toy->ring);
}

static struct auxiliary_driver toy_aux_driver = {
	.probe = toy_aux_probe,
};
`;

export const ring = `#include "toy.h"

static void toy_ring_fini(struct drm_device *drm, void *arg)
{
	struct toy_ring *ring = arg;

	ttm_bo_unpin(ring->bo);
}

int toy_ring_init(struct toy_device *toy, struct toy_ring *ring)
{
	char *name = drmm_kzalloc(&toy->drm, 8, GFP_KERNEL); /* "ü😀" */
	int err;

	err = ttm_bo_pin(ring->bo);
	if (err)
		return err;

	return drmm_add_action_or_reset(&toy->drm,
					toy_ring_fini, ring);
}

int toy_never_called(struct toy_device *toy)
{
	return drmm_add_action(&toy->drm, toy_ring_fini, toy);
}
`;

const files: Files = {
  Makefile: 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o\n',
  'toy.h': header,
  'toy_drv.c': driver,
  'toy_ring.c': ring,
  'notes.txt': 'toy_ring_init\n',
};

/** A client of today that shows annotations. */
export const annotating: ClientCapabilities = {
  ...modern,
  textDocument: { ...modern.textDocument, hover: { contentFormat: ['markdown', 'plaintext'] } },
  workspace: {
    ...modern.workspace,
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
};

export interface Annotated {
  readonly folder: TemporaryFolder;
  readonly client: Client;
  readonly drv: string;
  readonly ring: string;
}

/** Both sources open in a client that has not started yet. */
export function annotatedDriver(): Annotated {
  const folder = new TemporaryFolder().write(inKernelTree(files));
  const client = new Client(folder);
  return {
    folder,
    client,
    drv: client.uri(`${folderName}/toy_drv.c`),
    ring: client.uri(`${folderName}/toy_ring.c`),
  };
}

/** What is said in Markdown or plain text; empty when nothing is. */
export function markupOf(said: unknown): { readonly kind: string; readonly value: string } {
  const { kind, value } = (said ?? {}) as { readonly kind?: unknown; readonly value?: unknown };
  return { kind: String(kind ?? ''), value: String(value ?? '') };
}

/** Where a part of a text stands, `offset` characters into it; the n-th time that it occurs. */
export function positionOf(
  text: string,
  part: string,
  offset = 0,
  nth = 1,
): { readonly line: number; readonly character: number } {
  let at = -1;
  for (let i = 0; i < nth; i++) at = text.indexOf(part, at + 1);
  if (at < 0) throw new Error(`${part} is not there ${nth} times`);
  const before = text.slice(0, at + offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
