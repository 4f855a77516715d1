#include <linux/module.h>
#include <linux/spi/spi.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "mc.h"

struct drm_mc_drain {
	__u32 channel;
	__u32 pad;
};

#define DRM_IOCTL_MC_DRAIN	DRM_IOW(DRM_COMMAND_BASE, struct drm_mc_drain)

static int mc_drain_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct mc_device *mc = to_mc(drm);
	struct drm_mc_drain *args = data;
	int idx;

	if (args->channel >= MC_CHANNELS)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	mc_chan_kick(&mc->chans[args->channel]);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc mc_ioctls[] = {
	DRM_IOCTL_DEF_DRV(MC_DRAIN, mc_drain_ioctl, 0),
};

DEFINE_DRM_GEM_FOPS(mc_fops);

static const struct drm_driver mc_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &mc_fops,
	.ioctls = mc_ioctls,
	.num_ioctls = ARRAY_SIZE(mc_ioctls),
	.name = "multichan",
	.desc = "Multi-channel capture",
};

static int mc_probe(struct spi_device *spi)
{
	struct mc_device *mc;
	int ret;

	mc = devm_drm_dev_alloc(&spi->dev, &mc_driver, struct mc_device, drm);
	if (IS_ERR(mc))
		return PTR_ERR(mc);
	mc->spi = spi;
	spi_set_drvdata(spi, mc);

	ret = mc_chans_init(mc);
	if (ret)
		return ret;
	ret = mc_chans_irq(mc);
	if (ret)
		goto err_stop;
	ret = drm_dev_register(&mc->drm, 0);
	if (ret)
		goto err_stop;

	return 0;

err_stop:
	mc_chans_stop(mc);
	return ret;
}

static void mc_remove(struct spi_device *spi)
{
	struct mc_device *mc = spi_get_drvdata(spi);

	drm_dev_unplug(&mc->drm);
	mc_chans_stop(mc);
}

static const struct spi_device_id mc_ids[] = {
	{ "multichan" },
	{ }
};
MODULE_DEVICE_TABLE(spi, mc_ids);

static struct spi_driver mc_spi_driver = {
	.driver.name = "multichan",
	.id_table = mc_ids,
	.probe = mc_probe,
	.remove = mc_remove,
};
module_spi_driver(mc_spi_driver);

MODULE_DESCRIPTION("Multi-channel capture");
MODULE_LICENSE("GPL");
