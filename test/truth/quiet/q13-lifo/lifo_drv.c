// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "lifo.h"

struct drm_lifo_push {
	__u32 word;
	__u32 pad;
};

#define DRM_LIFO_PUSH		0x00
#define DRM_IOCTL_LIFO_PUSH	DRM_IOW(DRM_COMMAND_BASE + DRM_LIFO_PUSH, struct drm_lifo_push)

static int lifo_ioctl_push(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct lifo *lifo = container_of(drm, struct lifo, drm);
	struct drm_lifo_push *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->word, lifo->regs + LIFO_PUSH);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc lifo_ioctls[] = {
	DRM_IOCTL_DEF_DRV(LIFO_PUSH, lifo_ioctl_push, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(lifo_fops);

static const struct drm_driver lifo_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = lifo_ioctls,
	.num_ioctls = ARRAY_SIZE(lifo_ioctls),
	.fops = &lifo_fops,
	.name = "lifo",
	.desc = "LIFO stack processor",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int lifo_probe(struct platform_device *pdev)
{
	struct lifo *lifo;
	int irq, ret;

	lifo = devm_drm_dev_alloc(&pdev->dev, &lifo_drm_driver, struct lifo, drm);
	if (IS_ERR(lifo))
		return PTR_ERR(lifo);
	platform_set_drvdata(pdev, lifo);

	lifo->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lifo->regs))
		return PTR_ERR(lifo->regs);

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	ret = lifo_irq_init(lifo, irq);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "interrupt\n");

	ret = drm_dev_register(&lifo->drm, 0);
	if (ret)
		return ret;

	writel(~0, lifo->regs + LIFO_IEN);
	return 0;
}

static void lifo_remove(struct platform_device *pdev)
{
	struct lifo *lifo = platform_get_drvdata(pdev);

	drm_dev_unplug(&lifo->drm);
	writel(0, lifo->regs + LIFO_IEN);
}

static const struct of_device_id lifo_of_match[] = {
	{ .compatible = "northgate,lifo" },
	{ }
};
MODULE_DEVICE_TABLE(of, lifo_of_match);

static struct platform_driver lifo_driver = {
	.probe = lifo_probe,
	.remove = lifo_remove,
	.driver = { .name = "lifo", .of_match_table = lifo_of_match },
};
module_platform_driver(lifo_driver);

MODULE_DESCRIPTION("LIFO stack processor driver");
MODULE_LICENSE("GPL");
