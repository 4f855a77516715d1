#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "sg.h"

struct drm_sgram_export {
	__u64 size;
	__s32 fd;
	__u32 flags;
};

#define DRM_IOCTL_SGRAM_EXPORT	DRM_IOWR(DRM_COMMAND_BASE, struct drm_sgram_export)

static int sg_export_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_sgram_export *args = data;
	int fd, idx;

	if (args->flags || !args->size)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	fd = sg_export(container_of(drm, struct sg_device, drm), args->size);
	drm_dev_exit(idx);
	if (fd < 0)
		return fd;
	args->fd = fd;

	return 0;
}

static const struct drm_ioctl_desc sg_ioctls[] = {
	DRM_IOCTL_DEF_DRV(SGRAM_EXPORT, sg_export_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(sg_fops);

static const struct drm_driver sg_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &sg_fops,
	.ioctls = sg_ioctls,
	.num_ioctls = ARRAY_SIZE(sg_ioctls),
	.name = "sgram",
	.desc = "On-chip memory allocator",
};

static int sg_probe(struct platform_device *pdev)
{
	struct sg_device *sg;
	int ret;

	sg = devm_drm_dev_alloc(&pdev->dev, &sg_driver, struct sg_device, drm);
	if (IS_ERR(sg))
		return PTR_ERR(sg);

	ret = sg_heap_init(sg, pdev);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, sg);
	return drm_dev_register(&sg->drm, 0);
}

static void sg_remove(struct platform_device *pdev)
{
	struct sg_device *sg = platform_get_drvdata(pdev);

	drm_dev_unplug(&sg->drm);
}

static const struct of_device_id sg_of_match[] = {
	{ .compatible = "acme,sgram" },
	{ }
};
MODULE_DEVICE_TABLE(of, sg_of_match);

static struct platform_driver sg_platform_driver = {
	.probe = sg_probe,
	.remove = sg_remove,
	.driver = {
		.name = "sgram",
		.of_match_table = sg_of_match,
	},
};
module_platform_driver(sg_platform_driver);

MODULE_DESCRIPTION("On-chip memory allocator");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
