/** A tree of two modules: one exports functions, the other calls them in its drmm action. */
import { type Files, inKernelTree } from '../cli/support.ts';

export const lib = `#include "lib.h"

static void lib_unpin(struct drm_device *drm, void *arg)
{
	struct lib_ring *ring = arg;

	ttm_bo_unpin(ring->bo);
}

int lib_ring_init(struct drm_device *drm, struct lib_ring *ring)
{
	int err;

	err = ttm_bo_pin(ring->bo);
	if (err)
		return err;

	return drmm_add_action_or_reset(drm, lib_unpin, ring);
}
EXPORT_SYMBOL_GPL(lib_ring_init);

void lib_ring_stop(struct lib_ring *ring)
{
	ttm_bo_unpin(ring->bo);
}
EXPORT_SYMBOL_NS_GPL(lib_ring_stop, "LIB");
`;

export const libHeader = `struct lib_ring {
	struct ttm_buffer_object *bo;
};

int lib_ring_init(struct drm_device *drm, struct lib_ring *ring);
void lib_ring_stop(struct lib_ring *ring);
`;

export const toy = `#include "../lib/lib.h"

struct toy_device {
	struct drm_device drm;
	struct lib_ring ring;
};

static void toy_fini(struct drm_device *drm, void *arg)
{
	struct toy_device *toy = arg;

	lib_ring_stop(&toy->ring);
}

static int toy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct toy_device *toy;
	int err;

	toy = devm_drm_dev_alloc(&pdev->dev, &toy_driver, struct toy_device, drm);
	if (IS_ERR(toy))
		return PTR_ERR(toy);

	err = ttm_bo_pin(toy->ring.bo);
	if (err)
		return err;

	return drmm_add_action_or_reset(&toy->drm, toy_fini, toy);
}

static struct pci_driver toy_pci_driver = {
	.name = "toy",
	.probe = toy_probe,
};
`;

/** The library in a folder beside the driver's. */
export const treeOf = (libText: string, more: Files = {}): Files => ({
  ...inKernelTree(
    { Makefile: 'obj-m += lib.o\n', 'lib.c': libText, 'lib.h': libHeader },
    'drivers/gpu/drm/lib',
  ),
  ...inKernelTree({ Makefile: 'obj-m += toy.o\n', 'toy.c': toy }),
  ...more,
});
