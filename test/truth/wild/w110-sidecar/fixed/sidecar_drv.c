// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "sidecar.h"

struct drm_sidecar_blit {
	__u32 op;
	__u32 pad;
};

#define DRM_SIDECAR_BLIT	0x00
#define DRM_IOCTL_SIDECAR_BLIT	DRM_IOW(DRM_COMMAND_BASE + DRM_SIDECAR_BLIT, \
					struct drm_sidecar_blit)

static int sidecar_ioctl_blit(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct sidecar *sc = container_of(drm, struct sidecar, drm);
	struct drm_sidecar_blit *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->op, sc->regs + SC_BLIT);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc sidecar_ioctls[] = {
	DRM_IOCTL_DEF_DRV(SIDECAR_BLIT, sidecar_ioctl_blit, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(sidecar_fops);

static const struct drm_driver sidecar_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = sidecar_ioctls,
	.num_ioctls = ARRAY_SIZE(sidecar_ioctls),
	.fops = &sidecar_fops,
	.name = "sidecar",
	.desc = "Sidecar blitter",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int sidecar_probe(struct platform_device *pdev)
{
	struct sidecar *sc;
	int ret;

	sc = devm_drm_dev_alloc(&pdev->dev, &sidecar_drm_driver, struct sidecar, drm);
	if (IS_ERR(sc))
		return PTR_ERR(sc);
	platform_set_drvdata(pdev, sc);

	sc->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sc->regs))
		return PTR_ERR(sc->regs);

	ret = sidecar_pwm_add(sc);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "pwm child\n");

	return drm_dev_register(&sc->drm, 0);
}

static void sidecar_remove(struct platform_device *pdev)
{
	struct sidecar *sc = platform_get_drvdata(pdev);

	drm_dev_unplug(&sc->drm);
}

static const struct of_device_id sidecar_of_match[] = {
	{ .compatible = "northgate,sidecar" },
	{ }
};
MODULE_DEVICE_TABLE(of, sidecar_of_match);

static struct platform_driver sidecar_driver = {
	.probe = sidecar_probe,
	.remove = sidecar_remove,
	.driver = { .name = "sidecar", .of_match_table = sidecar_of_match },
};
module_platform_driver(sidecar_driver);

MODULE_DESCRIPTION("Sidecar blitter driver");
MODULE_LICENSE("GPL");
