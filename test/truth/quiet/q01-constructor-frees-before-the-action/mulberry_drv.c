// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include "mulberry.h"

#define MULBERRY_SUBMIT_LO	0x10
#define MULBERRY_EVENT_LO	0x20
#define MULBERRY_RUN		0x30
#define MULBERRY_WORDS		1024

struct mulberry_peek {
	__u32 index;
	__u32 value;
};

#define DRM_MULBERRY_PEEK	0
#define DRM_IOCTL_MULBERRY_PEEK	DRM_IOWR(DRM_COMMAND_BASE + DRM_MULBERRY_PEEK, struct mulberry_peek)

static int mulberry_peek_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct mulberry *mb = to_mulberry(drm);
	struct mulberry_peek *peek = data;

	if (peek->index >= MULBERRY_WORDS)
		return -EINVAL;
	peek->value = mb->scratch[peek->index];
	return 0;
}

static const struct drm_ioctl_desc mulberry_ioctls[] = {
	DRM_IOCTL_DEF_DRV(MULBERRY_PEEK, mulberry_peek_ioctl, 0),
};

DEFINE_DRM_ACCEL_FOPS(mulberry_fops);

static const struct drm_driver mulberry_drm_driver = {
	.driver_features = DRIVER_COMPUTE_ACCEL | DRIVER_GEM,
	.ioctls = mulberry_ioctls,
	.num_ioctls = ARRAY_SIZE(mulberry_ioctls),
	.fops = &mulberry_fops,
	.name = "mulberry",
	.desc = "Mulberry matrix unit",
	.date = "20240901",
	.major = 1,
};

static void mulberry_halt(void *data)
{
	struct mulberry *mb = data;

	writel(0, mb->regs + MULBERRY_RUN);
}

static int mulberry_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mulberry *mb;
	int ret;

	mb = devm_drm_dev_alloc(dev, &mulberry_drm_driver, struct mulberry, drm);
	if (IS_ERR(mb))
		return PTR_ERR(mb);
	platform_set_drvdata(pdev, mb);

	mb->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mb->regs))
		return PTR_ERR(mb->regs);

	ret = mulberry_scratch_init(mb, MULBERRY_WORDS);
	if (ret)
		return ret;

	mb->submit = mulberry_ring_create(dev, 256);
	if (IS_ERR(mb->submit))
		return PTR_ERR(mb->submit);
	mb->event = mulberry_ring_create(dev, 64);
	if (IS_ERR(mb->event))
		return PTR_ERR(mb->event);

	writel(lower_32_bits(mb->submit->dma), mb->regs + MULBERRY_SUBMIT_LO);
	writel(lower_32_bits(mb->event->dma), mb->regs + MULBERRY_EVENT_LO);
	writel(1, mb->regs + MULBERRY_RUN);
	ret = devm_add_action_or_reset(dev, mulberry_halt, mb);
	if (ret)
		return ret;

	return drm_dev_register(&mb->drm, 0);
}

static void mulberry_remove(struct platform_device *pdev)
{
	struct mulberry *mb = platform_get_drvdata(pdev);

	drm_dev_unplug(&mb->drm);
}

static const struct of_device_id mulberry_of_match[] = {
	{ .compatible = "orchard,mulberry" },
	{ }
};
MODULE_DEVICE_TABLE(of, mulberry_of_match);

static struct platform_driver mulberry_driver = {
	.probe = mulberry_probe,
	.remove = mulberry_remove,
	.driver = { .name = "mulberry", .of_match_table = mulberry_of_match },
};
module_platform_driver(mulberry_driver);

MODULE_DESCRIPTION("Mulberry matrix unit");
MODULE_LICENSE("GPL");
