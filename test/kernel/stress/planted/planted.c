// SPDX-License-Identifier: MIT
/* A driver with planted bugs, for a stress kit to show: the last close locks and counts in memory that remove() has freed. */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct planted_count {
	struct mutex lock;
	unsigned int closes;
};

struct planted {
	struct drm_device drm;
	struct planted_count *count;
};

static void planted_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct planted *planted = container_of(drm, struct planted, drm);

	mutex_lock(&planted->count->lock);
	planted->count->closes++;
	mutex_unlock(&planted->count->lock);
}

DEFINE_DRM_GEM_FOPS(planted_fops);

static const struct drm_driver planted_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &planted_fops,
	.postclose = planted_postclose,
	.name = "planted",
	.desc = "planted bugs",
	.major = 1,
};

static void planted_off(void *data)
{
}

static void planted_gone(struct drm_device *drm, void *data)
{
}

static int planted_probe(struct platform_device *pdev)
{
	struct planted *planted;
	int ret;

	planted = devm_drm_dev_alloc(&pdev->dev, &planted_driver, struct planted, drm);
	if (IS_ERR(planted))
		return PTR_ERR(planted);

	ret = devm_add_action_or_reset(&pdev->dev, planted_off, planted);
	if (ret)
		return ret;

	ret = drmm_add_action_or_reset(&planted->drm, planted_gone, NULL);
	if (ret)
		return ret;

	planted->count = kzalloc(sizeof(*planted->count), GFP_KERNEL);
	if (!planted->count)
		return -ENOMEM;
	mutex_init(&planted->count->lock);
	platform_set_drvdata(pdev, planted);

	ret = drm_dev_register(&planted->drm, 0);
	if (ret)
		kfree(planted->count);
	return ret;
}

static void planted_remove(struct platform_device *pdev)
{
	struct planted *planted = platform_get_drvdata(pdev);

	drm_dev_unplug(&planted->drm);
	kfree(planted->count);
}

static struct platform_driver planted_platform_driver = {
	.probe = planted_probe,
	.remove = planted_remove,
	.driver = { .name = "planted" },
};
module_platform_driver(planted_platform_driver);

MODULE_DESCRIPTION("planted bugs");
MODULE_LICENSE("Dual MIT/GPL");
