// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem_shmem_helper.h>

#include "tessel.h"

int tessel_open(struct drm_device *drm, struct drm_file *file)
{
	struct tessel_device *tdev = to_tessel(drm);
	struct tessel_file *tfile;
	int slot;

	tfile = kzalloc(sizeof(*tfile), GFP_KERNEL);
	if (!tfile)
		return -ENOMEM;

	slot = tessel_ctx_get(tdev, 1);
	if (slot < 0) {
		kfree(tfile);
		return slot;
	}

	tfile->tdev = tdev;
	tfile->slot = slot;
	file->driver_priv = tfile;

	return 0;
}

void tessel_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct tessel_file *tfile = file->driver_priv;

	tessel_ctx_put(tfile->tdev, tfile->slot);
	kfree(tfile);
}

DEFINE_DRM_GEM_FOPS(tessel_fops);

static const struct drm_driver tessel_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.open = tessel_open,
	.postclose = tessel_postclose,
	.fops = &tessel_fops,
	.name = "tessel",
	.desc = "Tessel geometry engine",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int tessel_probe(struct platform_device *pdev)
{
	struct tessel_device *tdev;
	int ret;

	tdev = devm_drm_dev_alloc(&pdev->dev, &tessel_drm_driver,
				  struct tessel_device, drm);
	if (IS_ERR(tdev))
		return PTR_ERR(tdev);
	platform_set_drvdata(pdev, tdev);

	tdev->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tdev->regs))
		return PTR_ERR(tdev->regs);

	ret = tessel_ctx_pool_init(tdev);
	if (ret)
		return ret;

	return drm_dev_register(&tdev->drm, 0);
}

static void tessel_remove(struct platform_device *pdev)
{
	struct tessel_device *tdev = platform_get_drvdata(pdev);

	drm_dev_unplug(&tdev->drm);
}

static const struct of_device_id tessel_of_match[] = {
	{ .compatible = "northgate,tessel" },
	{ }
};
MODULE_DEVICE_TABLE(of, tessel_of_match);

static struct platform_driver tessel_driver = {
	.probe = tessel_probe,
	.remove = tessel_remove,
	.driver = { .name = "tessel", .of_match_table = tessel_of_match },
};
module_platform_driver(tessel_driver);

MODULE_DESCRIPTION("Tessel geometry engine driver");
MODULE_LICENSE("GPL");
