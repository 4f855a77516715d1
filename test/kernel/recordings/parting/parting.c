// SPDX-License-Identifier: MIT
/* A remove() that gives back by hand part of what probe left to the lists. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct parting {
	struct drm_device drm;
	void *buffer;
	bool streaming;
	int parts;
};

DEFINE_DRM_GEM_FOPS(parting_fops);

static const struct drm_driver parting_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &parting_fops,
	.name = "parting",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void parting_stream_fini(void *data)
{
	struct parting *parting = data;

	parting->parts--;
}

static void parting_clock_fini(void *data)
{
	struct parting *parting = data;

	parting->parts--;
}

static void parting_debug_fini(void *data)
{
	struct parting *parting = data;

	parting->parts--;
}

static void parting_queue_fini(struct drm_device *drm, void *data)
{
	struct parting *parting = data;

	parting->parts--;
}

static void parting_pool_fini(struct drm_device *drm, void *data)
{
	struct parting *parting = data;

	parting->parts--;
}

static int parting_probe(struct platform_device *pdev)
{
	struct parting *parting;
	int ret;

	parting = devm_drm_dev_alloc(&pdev->dev, &parting_drm_driver, struct parting, drm);
	if (IS_ERR(parting))
		return PTR_ERR(parting);
	platform_set_drvdata(pdev, parting);
	parting->buffer = devm_kzalloc(&pdev->dev, 64, GFP_KERNEL);
	if (!parting->buffer)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&parting->drm, parting_pool_fini, parting);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, parting_clock_fini, parting);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, parting_stream_fini, parting);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&parting->drm, parting_queue_fini, parting);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, parting_debug_fini, parting);
	if (ret)
		return ret;
	parting->streaming = true;
	ret = drm_dev_register(&parting->drm, 0);
	if (ret)
		devm_remove_action(&pdev->dev, parting_debug_fini, parting);
	return ret;
}

static void parting_stop(struct parting *parting)
{
	if (parting->streaming)
		devm_release_action(parting->drm.dev, parting_stream_fini, parting);
	parting->streaming = false;
}

static void parting_remove(struct platform_device *pdev)
{
	struct parting *parting = platform_get_drvdata(pdev);

	parting_stop(parting);
	drm_dev_unplug(&parting->drm);
	drmm_release_action(&parting->drm, parting_queue_fini, parting);
	devm_kfree(&pdev->dev, parting->buffer);
	devm_remove_action(&pdev->dev, parting_debug_fini, parting);
}

static struct platform_driver parting_platform_driver = {
	.probe = parting_probe,
	.remove = parting_remove,
	.driver = {
		.name = "recorded-parting",
	},
};
module_platform_driver(parting_platform_driver);

MODULE_DESCRIPTION("Recorded driver: parting");
MODULE_LICENSE("Dual MIT/GPL");
