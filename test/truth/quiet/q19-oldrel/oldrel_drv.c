// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/pci.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_print.h>

#include "oldrel.h"

struct drm_oldrel_stat {
	__u32 index;
	__u32 value;
};

#define DRM_OLDREL_STAT		0x00
#define DRM_IOCTL_OLDREL_STAT	DRM_IOWR(DRM_COMMAND_BASE + DRM_OLDREL_STAT, struct drm_oldrel_stat)

static int oldrel_ioctl_stat(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct oldrel *old = to_oldrel(drm);
	struct drm_oldrel_stat *args = data;
	int idx;

	if (args->index >= OLDREL_NR_STAT)
		return -EINVAL;

	if (drm_dev_enter(drm, &idx)) {
		oldrel_stat_sample(old);
		drm_dev_exit(idx);
	}

	/* Racing with unplug, the last sample is returned. */
	args->value = oldrel_stat_get(old, args->index);
	return 0;
}

static void oldrel_postclose(struct drm_device *drm, struct drm_file *file)
{
	drm_dbg(drm, "closed, counter 0 was %u\n", oldrel_stat_get(to_oldrel(drm), 0));
}

static void oldrel_release(struct drm_device *drm)
{
	oldrel_priv_free(drm->dev_private);
}

static const struct drm_ioctl_desc oldrel_ioctls[] = {
	DRM_IOCTL_DEF_DRV(OLDREL_STAT, oldrel_ioctl_stat, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(oldrel_fops);

static const struct drm_driver oldrel_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.postclose = oldrel_postclose,
	.release = oldrel_release,
	.ioctls = oldrel_ioctls,
	.num_ioctls = ARRAY_SIZE(oldrel_ioctls),
	.fops = &oldrel_fops,
	.name = "oldrel",
	.desc = "OLDREL statistics card",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int oldrel_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct drm_device *drm;
	struct oldrel *old;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	drm = drm_dev_alloc(&oldrel_drm_driver, &pdev->dev);
	if (IS_ERR(drm))
		return PTR_ERR(drm);

	old = oldrel_priv_alloc();
	if (!old) {
		ret = -ENOMEM;
		goto err_put;
	}
	drm->dev_private = old;
	pci_set_drvdata(pdev, drm);

	ret = pcim_request_all_regions(pdev, "oldrel");
	if (ret)
		goto err_put;

	old->regs = pcim_iomap(pdev, 0, 0);
	if (!old->regs) {
		ret = -ENOMEM;
		goto err_put;
	}

	ret = drm_dev_register(drm, 0);
	if (ret)
		goto err_put;

	return 0;

err_put:
	drm_dev_put(drm);
	return ret;
}

static void oldrel_pci_remove(struct pci_dev *pdev)
{
	struct drm_device *drm = pci_get_drvdata(pdev);

	drm_dev_unplug(drm);
	drm_dev_put(drm);
}

static const struct pci_device_id oldrel_pci_ids[] = {
	{ PCI_DEVICE(0x1d9b, 0x0c01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, oldrel_pci_ids);

static struct pci_driver oldrel_pci_driver = {
	.name = "oldrel",
	.id_table = oldrel_pci_ids,
	.probe = oldrel_pci_probe,
	.remove = oldrel_pci_remove,
};
module_pci_driver(oldrel_pci_driver);

MODULE_DESCRIPTION("OLDREL statistics card driver");
MODULE_LICENSE("GPL");
