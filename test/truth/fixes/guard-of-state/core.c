#include <linux/io.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

struct gd {
	struct drm_device drm;
	void __iomem *regs;
	const struct gd_hw *hw;
	struct mutex lock;
	u32 slots;
};

struct gd_hw {
	void (*drop)(struct gd *gd, u32 slot);
};

struct gd_file {
	struct gd *gd;
	u32 slot;
};

/* gives a slot back and tells the hardware */
static void gd_slot_return(struct gd *gd, u32 slot)
{
	writel(slot, gd->regs + 4);
	gd->slots &= ~BIT(slot);
}

static void gd_drop(struct gd *gd, u32 slot)
{
	gd_slot_return(gd, slot);
}

static const struct gd_hw gd_hw_v1 = {
	.drop = gd_drop,
};

static int gd_ioctl_drop(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct gd *gd = container_of(drm, struct gd, drm);
	struct gd_file *gf = file->driver_priv;

	mutex_lock(&gd->lock);
	gd->hw->drop(gd, gf->slot);
	mutex_unlock(&gd->lock);

	return 0;
}

static int gd_ioctl_kick(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct gd *gd = container_of(drm, struct gd, drm);

	writel(1, gd->regs);
	return 0;
}

static int gd_ioctl_swap(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct gd *gd = container_of(drm, struct gd, drm);
	struct gd_file *gf = file->driver_priv;
	u32 old = gf->slot;

	gf->slot = readl(gd->regs);
	gd_slot_return(gd, old);
	return 0;
}

static void gd_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct gd *gd = container_of(drm, struct gd, drm);
	struct gd_file *gf = file->driver_priv;

	gd_slot_return(gd, gf->slot);
	kfree(gf);
}

static const struct drm_ioctl_desc gd_ioctls[] = {
	DRM_IOCTL_DEF_DRV(GD_DROP, gd_ioctl_drop, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(GD_KICK, gd_ioctl_kick, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(GD_SWAP, gd_ioctl_swap, DRM_RENDER_ALLOW),
};

static const struct drm_driver gd_driver = {
	.ioctls = gd_ioctls,
	.num_ioctls = ARRAY_SIZE(gd_ioctls),
	.postclose = gd_postclose,
};

static int gd_probe(struct platform_device *pdev)
{
	struct gd *gd;

	gd = devm_drm_dev_alloc(&pdev->dev, &gd_driver, struct gd, drm);
	if (IS_ERR(gd))
		return PTR_ERR(gd);
	gd->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(gd->regs))
		return PTR_ERR(gd->regs);
	gd->hw = &gd_hw_v1;
	platform_set_drvdata(pdev, gd);
	return drm_dev_register(&gd->drm, 0);
}

static void gd_remove(struct platform_device *pdev)
{
	struct gd *gd = platform_get_drvdata(pdev);

	drm_dev_unplug(&gd->drm);
}

static struct platform_driver gd_platform = {
	.probe = gd_probe,
	.remove = gd_remove,
	.driver = { .name = "gd" },
};
module_platform_driver(gd_platform);
