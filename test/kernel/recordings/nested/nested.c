// SPDX-License-Identifier: MIT
/* devres groups in one another: one dissolved, one released with what it holds, one left open. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct nested {
	struct drm_device drm;
	int parts;
};

DEFINE_DRM_GEM_FOPS(nested_fops);

static const struct drm_driver nested_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &nested_fops,
	.name = "nested",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void nested_outer_fini(void *data)
{
	struct nested *nested = data;

	nested->parts--;
}

static void nested_inner_fini(void *data)
{
	struct nested *nested = data;

	nested->parts--;
}

static void nested_tail_fini(void *data)
{
	struct nested *nested = data;

	nested->parts--;
}

static void nested_kept_fini(void *data)
{
	struct nested *nested = data;

	nested->parts--;
}

static void nested_last_fini(void *data)
{
	struct nested *nested = data;

	nested->parts--;
}

/* The inner group goes, what it holds stays with the outer one. */
static int nested_both(struct device *dev, struct nested *nested)
{
	void *outer, *inner;
	int ret;

	outer = devres_open_group(dev, NULL, GFP_KERNEL);
	if (!outer)
		return -ENOMEM;
	ret = devm_add_action_or_reset(dev, nested_outer_fini, nested);
	if (ret)
		goto err;
	inner = devres_open_group(dev, NULL, GFP_KERNEL);
	if (!inner) {
		ret = -ENOMEM;
		goto err;
	}
	ret = devm_add_action_or_reset(dev, nested_inner_fini, nested);
	if (ret)
		goto err;
	devres_close_group(dev, inner);
	devres_remove_group(dev, inner);
	ret = devm_add_action_or_reset(dev, nested_tail_fini, nested);
	if (ret)
		goto err;
	devres_close_group(dev, outer);
	ret = devm_add_action_or_reset(dev, nested_kept_fini, nested);
	devres_release_group(dev, outer);
	return ret;

err:
	devres_release_group(dev, outer);
	return ret;
}

static int nested_probe(struct platform_device *pdev)
{
	struct nested *nested;
	int ret;

	nested = devm_drm_dev_alloc(&pdev->dev, &nested_drm_driver, struct nested, drm);
	if (IS_ERR(nested))
		return PTR_ERR(nested);
	platform_set_drvdata(pdev, nested);
	ret = nested_both(&pdev->dev, nested);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, nested_last_fini, nested);
	if (ret)
		return ret;
	return drm_dev_register(&nested->drm, 0);
}

static void nested_remove(struct platform_device *pdev)
{
	struct nested *nested = platform_get_drvdata(pdev);

	drm_dev_unregister(&nested->drm);
}

static struct platform_driver nested_platform_driver = {
	.probe = nested_probe,
	.remove = nested_remove,
	.driver = {
		.name = "recorded-nested",
	},
};
module_platform_driver(nested_platform_driver);

MODULE_DESCRIPTION("Recorded driver: nested");
MODULE_LICENSE("Dual MIT/GPL");
