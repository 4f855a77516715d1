// SPDX-License-Identifier: MIT
/* drmm_release_action() takes the oldest of two equal actions. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct oldest {
	struct drm_device drm;
	int levels;
};

DEFINE_DRM_GEM_FOPS(oldest_fops);

static const struct drm_driver oldest_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &oldest_fops,
	.name = "oldest",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void oldest_pool_fini(struct drm_device *drm, void *data)
{
	struct oldest *oldest = data;

	oldest->levels--;
}

static void oldest_cache_fini(struct drm_device *drm, void *data)
{
	struct oldest *oldest = data;

	oldest->levels--;
}

static void oldest_engine_fini(void *data)
{
	struct oldest *oldest = data;

	oldest->levels--;
}

static int oldest_probe(struct platform_device *pdev)
{
	struct oldest *oldest;
	int ret;

	oldest = devm_drm_dev_alloc(&pdev->dev, &oldest_drm_driver, struct oldest, drm);
	if (IS_ERR(oldest))
		return PTR_ERR(oldest);
	platform_set_drvdata(pdev, oldest);
	ret = drmm_add_action_or_reset(&oldest->drm, oldest_pool_fini, oldest);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&oldest->drm, oldest_cache_fini, oldest);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&oldest->drm, oldest_pool_fini, oldest);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, oldest_engine_fini, oldest);
	if (ret)
		return ret;

	/* Two of them are registered: this runs the first one. */
	drmm_release_action(&oldest->drm, oldest_pool_fini, oldest);

	return drm_dev_register(&oldest->drm, 0);
}

static void oldest_remove(struct platform_device *pdev)
{
	struct oldest *oldest = platform_get_drvdata(pdev);

	drm_dev_unregister(&oldest->drm);
}

static struct platform_driver oldest_platform_driver = {
	.probe = oldest_probe,
	.remove = oldest_remove,
	.driver = {
		.name = "recorded-oldest",
	},
};
module_platform_driver(oldest_platform_driver);

MODULE_DESCRIPTION("Recorded driver: oldest");
MODULE_LICENSE("Dual MIT/GPL");
