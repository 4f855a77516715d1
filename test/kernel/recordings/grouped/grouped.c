// SPDX-License-Identifier: MIT
/* devres groups: one released in probe, one closed there and released in remove(). */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct grouped {
	struct drm_device drm;
	bool probing;
	int parts;
};

DEFINE_DRM_GEM_FOPS(grouped_fops);

static const struct drm_driver grouped_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &grouped_fops,
	.name = "grouped",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void grouped_base_fini(void *data)
{
	struct grouped *grouped = data;

	grouped->parts--;
}

static void grouped_trial_fini(void *data)
{
	struct grouped *grouped = data;

	grouped->parts--;
}

static void grouped_panel_fini(void *data)
{
	struct grouped *grouped = data;

	grouped->parts--;
}

static void grouped_link_fini(void *data)
{
	struct grouped *grouped = data;

	grouped->parts--;
}

/* What the first attempt took is given back before the second. */
static int grouped_trial(struct device *dev, struct grouped *grouped)
{
	void *group = devres_open_group(dev, NULL, GFP_KERNEL);
	int ret;

	if (!group)
		return -ENOMEM;
	ret = devm_add_action_or_reset(dev, grouped_trial_fini, grouped);
	devres_release_group(dev, group);
	return ret;
}

static int grouped_probe(struct platform_device *pdev)
{
	struct grouped *grouped;
	int ret;

	grouped = devm_drm_dev_alloc(&pdev->dev, &grouped_drm_driver, struct grouped, drm);
	if (IS_ERR(grouped))
		return PTR_ERR(grouped);
	platform_set_drvdata(pdev, grouped);
	ret = devm_add_action_or_reset(&pdev->dev, grouped_base_fini, grouped);
	if (ret)
		return ret;
	ret = grouped_trial(&pdev->dev, grouped);
	if (ret)
		return ret;

	if (!devres_open_group(&pdev->dev, grouped, GFP_KERNEL))
		return -ENOMEM;
	ret = devm_add_action_or_reset(&pdev->dev, grouped_panel_fini, grouped);
	if (ret)
		return ret;
	devres_close_group(&pdev->dev, grouped);

	ret = devm_add_action_or_reset(&pdev->dev, grouped_link_fini, grouped);
	if (ret)
		return ret;
	return drm_dev_register(&grouped->drm, 0);
}

static void grouped_remove(struct platform_device *pdev)
{
	struct grouped *grouped = platform_get_drvdata(pdev);

	drm_dev_unregister(&grouped->drm);
	devres_release_group(&pdev->dev, grouped);
}

static struct platform_driver grouped_platform_driver = {
	.probe = grouped_probe,
	.remove = grouped_remove,
	.driver = {
		.name = "recorded-grouped",
	},
};
module_platform_driver(grouped_platform_driver);

MODULE_DESCRIPTION("Recorded driver: grouped");
MODULE_LICENSE("Dual MIT/GPL");
