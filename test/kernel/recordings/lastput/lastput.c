// SPDX-License-Identifier: MIT
/* drm_driver.release runs before the drmm actions. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct lastput {
	struct drm_device drm;
	void *shadow;
	bool hw;
	bool sw;
};

static void lastput_release(struct drm_device *drm)
{
	struct lastput *lastput = container_of(drm, struct lastput, drm);

	kfree(lastput->shadow);
}

DEFINE_DRM_GEM_FOPS(lastput_fops);

static const struct drm_driver lastput_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &lastput_fops,
	.release = lastput_release,
	.name = "lastput",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void lastput_hw_fini(void *data)
{
	struct lastput *lastput = data;

	lastput->hw = false;
}

static void lastput_sw_fini(struct drm_device *drm, void *data)
{
	struct lastput *lastput = data;

	lastput->sw = false;
}

static int lastput_probe(struct platform_device *pdev)
{
	struct lastput *lastput;
	int ret;

	lastput = devm_drm_dev_alloc(&pdev->dev, &lastput_drm_driver, struct lastput, drm);
	if (IS_ERR(lastput))
		return PTR_ERR(lastput);
	platform_set_drvdata(pdev, lastput);
	lastput->shadow = kzalloc(64, GFP_KERNEL);
	if (!lastput->shadow)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&lastput->drm, lastput_sw_fini, lastput);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, lastput_hw_fini, lastput);
	if (ret)
		return ret;
	return drm_dev_register(&lastput->drm, 0);
}

static void lastput_remove(struct platform_device *pdev)
{
	struct lastput *lastput = platform_get_drvdata(pdev);

	drm_dev_unregister(&lastput->drm);
}

static struct platform_driver lastput_platform_driver = {
	.probe = lastput_probe,
	.remove = lastput_remove,
	.driver = {
		.name = "recorded-lastput",
	},
};
module_platform_driver(lastput_platform_driver);

MODULE_DESCRIPTION("Recorded driver: lastput");
MODULE_LICENSE("Dual MIT/GPL");
