// SPDX-License-Identifier: MIT
/* A second reference to the drm_device, which an action drops; the rest by hand. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct referred {
	struct drm_device drm;
	struct workqueue_struct *wq;
	int parts;
};

DEFINE_DRM_GEM_FOPS(referred_fops);

static const struct drm_driver referred_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &referred_fops,
	.name = "referred",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void referred_user_put(void *data)
{
	struct referred *referred = data;

	drm_dev_put(&referred->drm);
}

static void referred_link_fini(void *data)
{
	struct referred *referred = data;

	referred->parts--;
}

static void referred_table_fini(struct drm_device *drm, void *data)
{
	struct referred *referred = data;

	referred->parts--;
}

static int referred_probe(struct platform_device *pdev)
{
	struct referred *referred;
	int ret;

	referred = devm_drm_dev_alloc(&pdev->dev, &referred_drm_driver, struct referred, drm);
	if (IS_ERR(referred))
		return PTR_ERR(referred);
	platform_set_drvdata(pdev, referred);
	ret = drmm_add_action_or_reset(&referred->drm, referred_table_fini, referred);
	if (ret)
		return ret;
	drm_dev_get(&referred->drm);
	ret = devm_add_action_or_reset(&pdev->dev, referred_user_put, referred);
	if (ret)
		return ret;
	referred->wq = alloc_ordered_workqueue("referred", 0);
	if (!referred->wq)
		return -ENOMEM;
	ret = devm_add_action_or_reset(&pdev->dev, referred_link_fini, referred);
	if (ret)
		goto err_wq;
	ret = drm_dev_register(&referred->drm, 0);
	if (ret)
		goto err_wq;
	return 0;

err_wq:
	destroy_workqueue(referred->wq);
	return ret;
}

static void referred_remove(struct platform_device *pdev)
{
	struct referred *referred = platform_get_drvdata(pdev);

	drm_dev_unplug(&referred->drm);
	destroy_workqueue(referred->wq);
}

static struct platform_driver referred_platform_driver = {
	.probe = referred_probe,
	.remove = referred_remove,
	.driver = {
		.name = "recorded-referred",
	},
};
module_platform_driver(referred_platform_driver);

MODULE_DESCRIPTION("Recorded driver: referred");
MODULE_LICENSE("Dual MIT/GPL");
