// SPDX-License-Identifier: MIT
/* Actions of both scopes, interleaved, before and after the drm_device and its registration. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_wakeup.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct simple {
	struct drm_device drm;
	bool clock;
	bool power;
	bool table;
	bool queue;
};

DEFINE_DRM_GEM_FOPS(simple_fops);

static const struct drm_driver simple_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &simple_fops,
	.name = "simple",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void simple_wakeup_off(void *data)
{
	struct device *dev = data;

	device_init_wakeup(dev, false);
}

static void simple_clock_disable(void *data)
{
	struct simple *simple = data;

	simple->clock = false;
}

static void simple_power_off(void *data)
{
	struct simple *simple = data;

	simple->power = false;
}

static void simple_table_fini(struct drm_device *drm, void *data)
{
	struct simple *simple = data;

	simple->table = false;
}

static void simple_queue_fini(struct drm_device *drm, void *data)
{
	struct simple *simple = data;

	simple->queue = false;
}

static void simple_poll_stop(void *data)
{
	struct simple *simple = data;

	simple->queue = false;
}

static int simple_probe(struct platform_device *pdev)
{
	struct simple *simple;
	int ret;

	ret = devm_add_action_or_reset(&pdev->dev, simple_wakeup_off, &pdev->dev);
	if (ret)
		return ret;
	simple = devm_drm_dev_alloc(&pdev->dev, &simple_drm_driver, struct simple, drm);
	if (IS_ERR(simple))
		return PTR_ERR(simple);
	platform_set_drvdata(pdev, simple);
	simple->clock = true;
	ret = devm_add_action_or_reset(&pdev->dev, simple_clock_disable, simple);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&simple->drm, simple_table_fini, simple);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, simple_power_off, simple);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&simple->drm, simple_queue_fini, simple);
	if (ret)
		return ret;
	ret = drm_dev_register(&simple->drm, 0);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, simple_poll_stop, simple);
	if (ret)
		drm_dev_unregister(&simple->drm);
	return ret;
}

static void simple_remove(struct platform_device *pdev)
{
	struct simple *simple = platform_get_drvdata(pdev);

	drm_dev_unregister(&simple->drm);
}

static struct platform_driver simple_platform_driver = {
	.probe = simple_probe,
	.remove = simple_remove,
	.driver = {
		.name = "recorded-simple",
	},
};
module_platform_driver(simple_platform_driver);

MODULE_DESCRIPTION("Recorded driver: simple");
MODULE_LICENSE("Dual MIT/GPL");
