// SPDX-License-Identifier: MIT
/* An action that gives back another by hand, when its own turn has come. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct inside {
	struct drm_device drm;
	void *table;
	int parts;
};

DEFINE_DRM_GEM_FOPS(inside_fops);

static const struct drm_driver inside_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &inside_fops,
	.name = "inside",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void inside_port_fini(void *data)
{
	struct inside *inside = data;

	inside->parts--;
}

static void inside_hub_fini(void *data)
{
	struct inside *inside = data;

	devm_release_action(inside->drm.dev, inside_port_fini, inside);
	inside->parts--;
}

static void inside_core_fini(void *data)
{
	struct inside *inside = data;

	inside->parts--;
}

static void inside_cache_fini(struct drm_device *drm, void *data)
{
	struct inside *inside = data;

	inside->parts--;
}

static void inside_pool_fini(struct drm_device *drm, void *data)
{
	struct inside *inside = data;

	inside->table = NULL;
}

static int inside_probe(struct platform_device *pdev)
{
	struct inside *inside;
	int ret;

	inside = devm_drm_dev_alloc(&pdev->dev, &inside_drm_driver, struct inside, drm);
	if (IS_ERR(inside))
		return PTR_ERR(inside);
	platform_set_drvdata(pdev, inside);
	inside->table = drmm_kzalloc(&inside->drm, 32, GFP_KERNEL);
	if (!inside->table)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&inside->drm, inside_cache_fini, inside);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&inside->drm, inside_pool_fini, inside);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, inside_port_fini, inside);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, inside_core_fini, inside);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, inside_hub_fini, inside);
	if (ret)
		return ret;
	return drm_dev_register(&inside->drm, 0);
}

static void inside_remove(struct platform_device *pdev)
{
	struct inside *inside = platform_get_drvdata(pdev);

	drm_dev_unregister(&inside->drm);
}

static struct platform_driver inside_platform_driver = {
	.probe = inside_probe,
	.remove = inside_remove,
	.driver = {
		.name = "recorded-inside",
	},
};
module_platform_driver(inside_platform_driver);

MODULE_DESCRIPTION("Recorded driver: inside");
MODULE_LICENSE("Dual MIT/GPL");
