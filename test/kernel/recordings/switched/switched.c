// SPDX-License-Identifier: MIT
/* Probe by kind of device: a switch that falls through, an early success, a loop that is left. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

enum switched_kind {
	SWITCHED_SMALL,
	SWITCHED_MEDIUM,
	SWITCHED_LARGE,
};

struct switched {
	struct drm_device drm;
	enum switched_kind kind;
	bool headless;
	int parts;
};

DEFINE_DRM_GEM_FOPS(switched_fops);

static const struct drm_driver switched_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &switched_fops,
	.name = "switched",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void switched_small_fini(void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static void switched_medium_fini(void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static void switched_large_fini(void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static void switched_lane_fini(void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static void switched_encoder_fini(void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static void switched_planes_fini(struct drm_device *drm, void *data)
{
	struct switched *switched = data;

	switched->parts--;
}

static int switched_kind_init(struct switched *switched)
{
	struct device *dev = switched->drm.dev;
	int ret;

	switch (switched->kind) {
	case SWITCHED_LARGE:
		ret = devm_add_action_or_reset(dev, switched_large_fini, switched);
		if (ret)
			return ret;
		fallthrough;
	case SWITCHED_MEDIUM:
		ret = devm_add_action_or_reset(dev, switched_medium_fini, switched);
		break;
	case SWITCHED_SMALL:
		ret = devm_add_action_or_reset(dev, switched_small_fini, switched);
		break;
	default:
		return -EINVAL;
	}
	return ret;
}

static int switched_lanes_init(struct switched *switched)
{
	int lane = 0, ret;

	do {
		ret = devm_add_action_or_reset(switched->drm.dev, switched_lane_fini, switched);
		if (ret)
			break;
	} while (++lane < 2);
	return ret;
}

static int switched_planes_init(struct switched *switched)
{
	if (switched->headless)
		return 0;
	return drmm_add_action_or_reset(&switched->drm, switched_planes_fini, switched);
}

static int switched_probe(struct platform_device *pdev)
{
	struct switched *switched;
	int ret;

	switched = devm_drm_dev_alloc(&pdev->dev, &switched_drm_driver, struct switched, drm);
	if (IS_ERR(switched))
		return PTR_ERR(switched);
	platform_set_drvdata(pdev, switched);
	switched->kind = pdev->id < 0 ? SWITCHED_SMALL : SWITCHED_LARGE;
	ret = switched_kind_init(switched) ?: switched_lanes_init(switched);
	if (ret)
		return ret;
	if ((ret = switched_planes_init(switched)) != 0)
		return dev_err_probe(&pdev->dev, ret, "planes\n");
	ret = switched->headless ? 0 : devm_add_action_or_reset(&pdev->dev, switched_encoder_fini, switched);
	return ret < 0 ? ret : drm_dev_register(&switched->drm, 0);
}

static void switched_remove(struct platform_device *pdev)
{
	struct switched *switched = platform_get_drvdata(pdev);

	drm_dev_unregister(&switched->drm);
}

static struct platform_driver switched_platform_driver = {
	.probe = switched_probe,
	.remove = switched_remove,
	.driver = {
		.name = "recorded-switched",
	},
};
module_platform_driver(switched_platform_driver);

MODULE_DESCRIPTION("Recorded driver: switched");
MODULE_LICENSE("Dual MIT/GPL");
