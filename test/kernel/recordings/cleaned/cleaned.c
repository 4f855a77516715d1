// SPDX-License-Identifier: MIT
/* Locals that clean up after themselves, and locks that are held to the end of a scope. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct cleaned {
	struct drm_device drm;
	struct mutex lock;
	int parts;
};

DEFINE_DRM_GEM_FOPS(cleaned_fops);

static const struct drm_driver cleaned_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &cleaned_fops,
	.name = "cleaned",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void cleaned_first_fini(void *data)
{
	struct cleaned *cleaned = data;

	cleaned->parts--;
}

static void cleaned_second_fini(void *data)
{
	struct cleaned *cleaned = data;

	cleaned->parts--;
}

static void cleaned_table_fini(struct drm_device *drm, void *data)
{
	struct cleaned *cleaned = data;

	cleaned->parts--;
}

static void cleaned_scratch_free(void *data)
{
	kfree(data);
}

static int cleaned_scratch(struct cleaned *cleaned)
{
	void *scratch __free(kfree) = kzalloc(64, GFP_KERNEL);
	int ret;

	if (!scratch)
		return -ENOMEM;
	guard(mutex)(&cleaned->lock);
	ret = devm_add_action_or_reset(cleaned->drm.dev, cleaned_first_fini, cleaned);
	if (ret)
		return ret;
	return devm_add_action_or_reset(cleaned->drm.dev, cleaned_scratch_free, no_free_ptr(scratch));
}

static int cleaned_probe(struct platform_device *pdev)
{
	struct cleaned *cleaned;
	int ret;

	cleaned = devm_drm_dev_alloc(&pdev->dev, &cleaned_drm_driver, struct cleaned, drm);
	if (IS_ERR(cleaned))
		return PTR_ERR(cleaned);
	platform_set_drvdata(pdev, cleaned);
	ret = drmm_mutex_init(&cleaned->drm, &cleaned->lock);
	if (ret)
		return ret;
	ret = cleaned_scratch(cleaned);
	if (ret)
		return ret;
	scoped_guard(mutex, &cleaned->lock) {
		ret = drmm_add_action_or_reset(&cleaned->drm, cleaned_table_fini, cleaned);
		if (ret)
			return ret;
	}
	ret = devm_add_action_or_reset(&pdev->dev, cleaned_second_fini, cleaned);
	if (ret)
		return ret;
	return drm_dev_register(&cleaned->drm, 0);
}

static void cleaned_remove(struct platform_device *pdev)
{
	struct cleaned *cleaned = platform_get_drvdata(pdev);

	drm_dev_unregister(&cleaned->drm);
}

static struct platform_driver cleaned_platform_driver = {
	.probe = cleaned_probe,
	.remove = cleaned_remove,
	.driver = {
		.name = "recorded-cleaned",
	},
};
module_platform_driver(cleaned_platform_driver);

MODULE_DESCRIPTION("Recorded driver: cleaned");
MODULE_LICENSE("Dual MIT/GPL");
