// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "spool.h"

struct drm_spool_create {
	__u64 size;
	__u32 handle;
	__u32 pad;
};

#define DRM_SPOOL_CREATE	0x00
#define DRM_IOCTL_SPOOL_CREATE	DRM_IOWR(DRM_COMMAND_BASE + DRM_SPOOL_CREATE, \
					 struct drm_spool_create)

static int spool_ioctl_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct spool *sp = to_spool(drm);
	struct drm_spool_create *args = data;
	struct spool_bo *bo;
	int idx, ret;

	if (args->pad || !args->size || args->size > sp->vram_size)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ret = spool_bo_create(sp, PAGE_ALIGN(args->size), &bo);
	drm_dev_exit(idx);
	if (ret)
		return ret;

	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);

	return ret;
}

static const struct drm_ioctl_desc spool_ioctls[] = {
	DRM_IOCTL_DEF_DRV(SPOOL_CREATE, spool_ioctl_create, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(spool_fops);

static const struct drm_driver spool_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = spool_ioctls,
	.num_ioctls = ARRAY_SIZE(spool_ioctls),
	.fops = &spool_fops,
	.name = "spool",
	.desc = "Spool memory expander",
	.major = 1,
};

static int spool_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct resource *res;
	struct spool *sp;
	int ret;

	sp = devm_drm_dev_alloc(dev, &spool_drm_driver, struct spool, drm);
	if (IS_ERR(sp))
		return PTR_ERR(sp);
	platform_set_drvdata(pdev, sp);

	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	if (!res)
		return -ENXIO;
	if (!devm_request_mem_region(dev, res->start, resource_size(res), dev_name(dev)))
		return -EBUSY;
	sp->vram = res->start;
	sp->vram_size = resource_size(res);

	ret = spool_vram_init(sp);
	if (ret)
		return ret;

	ret = spool_copy_init(sp);
	if (ret)
		return dev_err_probe(dev, ret, "copy channel\n");

	ret = drm_dev_register(&sp->drm, 0);
	if (ret)
		goto err_copy;

	return 0;

err_copy:
	spool_copy_fini(sp);
	return ret;
}

static void spool_remove(struct platform_device *pdev)
{
	struct spool *sp = platform_get_drvdata(pdev);

	drm_dev_unplug(&sp->drm);

	/* Importers of our dma-bufs keep what was in VRAM. */
	spool_vram_evict_all(sp);
	spool_copy_fini(sp);
}

static const struct of_device_id spool_of_match[] = {
	{ .compatible = "vexal,spool" },
	{ }
};
MODULE_DEVICE_TABLE(of, spool_of_match);

static struct platform_driver spool_driver = {
	.probe = spool_probe,
	.remove = spool_remove,
	.driver = { .name = "spool", .of_match_table = spool_of_match },
};
module_platform_driver(spool_driver);

MODULE_DESCRIPTION("Spool memory expander driver");
MODULE_LICENSE("GPL");
