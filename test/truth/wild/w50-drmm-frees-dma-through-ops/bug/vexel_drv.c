// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

#include "vexel.h"

#define VEXEL_REG_CTRL	0x00
#define VEXEL_REG_KICK	0x04

struct vexel_submit {
	__u32 ring;
	__u32 word;
};

#define DRM_IOCTL_VEXEL_SUBMIT DRM_IOW(DRM_COMMAND_BASE + 0, struct vexel_submit)

static int vexel_submit_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct vexel_device *vex = to_vexel(drm);
	struct vexel_submit *args = data;
	u32 *ring;
	int idx;

	if (args->ring >= VEXEL_RINGS)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	mutex_lock(&vex->submit_lock);
	ring = vex->ring[args->ring].cpu;
	WRITE_ONCE(ring[0], args->word);
	writel(BIT(args->ring), vex->regs + VEXEL_REG_KICK);
	mutex_unlock(&vex->submit_lock);

	drm_dev_exit(idx);
	return 0;
}

static const struct drm_ioctl_desc vexel_ioctls[] = {
	DRM_IOCTL_DEF_DRV(VEXEL_SUBMIT, vexel_submit_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(vexel_fops);

static const struct drm_driver vexel_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &vexel_fops,
	.ioctls = vexel_ioctls,
	.num_ioctls = ARRAY_SIZE(vexel_ioctls),
	.name = "vexel",
	.desc = "Vexel command mover",
	.major = 1,
};

static int vexel_probe(struct platform_device *pdev)
{
	struct vexel_device *vex;
	int ret;

	vex = devm_drm_dev_alloc(&pdev->dev, &vexel_driver, struct vexel_device, drm);
	if (IS_ERR(vex))
		return PTR_ERR(vex);

	vex->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(vex->regs))
		return PTR_ERR(vex->regs);

	ret = drmm_mutex_init(&vex->drm, &vex->submit_lock);
	if (ret)
		return ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	ret = vexel_mmu_setup(vex);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, vex);
	writel(1, vex->regs + VEXEL_REG_CTRL);

	ret = drm_dev_register(&vex->drm, 0);
	if (ret)
		writel(0, vex->regs + VEXEL_REG_CTRL);

	return ret;
}

static void vexel_remove(struct platform_device *pdev)
{
	struct vexel_device *vex = platform_get_drvdata(pdev);

	drm_dev_unplug(&vex->drm);
	writel(0, vex->regs + VEXEL_REG_CTRL);
}

static struct platform_driver vexel_platform_driver = {
	.probe = vexel_probe,
	.remove = vexel_remove,
	.driver = { .name = "vexel" },
};
module_platform_driver(vexel_platform_driver);

MODULE_DESCRIPTION("Vexel command mover");
MODULE_LICENSE("GPL");
