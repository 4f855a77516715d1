// SPDX-License-Identifier: MIT
/* Registrations that fail: with and without _or_reset, and a ladder that releases by hand. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct reset {
	struct drm_device drm;
	bool clock;
	bool rail;
	bool table;
	void *ring;
};

DEFINE_DRM_GEM_FOPS(reset_fops);

static const struct drm_driver reset_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &reset_fops,
	.name = "reset",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void reset_clock_disable(void *data)
{
	struct reset *reset = data;

	reset->clock = false;
}

static void reset_rail_disable(struct reset *reset)
{
	reset->rail = false;
}

static void reset_rail_release(void *data)
{
	struct reset *reset = data;

	reset_rail_disable(reset);
}

static void reset_table_fini(struct drm_device *drm, void *data)
{
	struct reset *reset = data;

	reset->table = false;
}

static int reset_ring_init(struct reset *reset)
{
	reset->ring = kzalloc(64, GFP_KERNEL);
	return reset->ring ? 0 : -ENOMEM;
}

static void reset_ring_fini(struct reset *reset)
{
	kfree(reset->ring);
}

static int reset_probe(struct platform_device *pdev)
{
	struct reset *reset;
	int ret;

	reset = devm_drm_dev_alloc(&pdev->dev, &reset_drm_driver, struct reset, drm);
	if (IS_ERR(reset))
		return PTR_ERR(reset);
	platform_set_drvdata(pdev, reset);
	ret = devm_add_action_or_reset(&pdev->dev, reset_clock_disable, reset);
	if (ret)
		return ret;

	/* The plain form does not run the action when it fails. */
	reset->rail = true;
	ret = devm_add_action(&pdev->dev, reset_rail_release, reset);
	if (ret) {
		reset_rail_disable(reset);
		return ret;
	}

	ret = drmm_add_action_or_reset(&reset->drm, reset_table_fini, reset);
	if (ret)
		return ret;
	ret = reset_ring_init(reset);
	if (ret)
		return ret;

	ret = drm_dev_register(&reset->drm, 0);
	if (ret)
		goto err_ring;
	return 0;

err_ring:
	reset_ring_fini(reset);
	return ret;
}

static void reset_remove(struct platform_device *pdev)
{
	struct reset *reset = platform_get_drvdata(pdev);

	drm_dev_unregister(&reset->drm);
	reset_ring_fini(reset);
}

static struct platform_driver reset_platform_driver = {
	.probe = reset_probe,
	.remove = reset_remove,
	.driver = {
		.name = "recorded-reset",
	},
};
module_platform_driver(reset_platform_driver);

MODULE_DESCRIPTION("Recorded driver: reset");
MODULE_LICENSE("Dual MIT/GPL");
