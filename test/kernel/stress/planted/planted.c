// SPDX-License-Identifier: MIT
/* A driver with planted bugs, for a stress kit to show: the last close queues work on a queue that remove() has destroyed. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct planted {
	struct drm_device drm;
	struct workqueue_struct *queue;
	struct work_struct work;
};

static void planted_work(struct work_struct *work)
{
}

static void planted_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct planted *planted = container_of(drm, struct planted, drm);

	queue_work(planted->queue, &planted->work);
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

	planted->queue = alloc_workqueue("planted", 0, 0);
	if (!planted->queue)
		return -ENOMEM;
	INIT_WORK(&planted->work, planted_work);
	platform_set_drvdata(pdev, planted);

	ret = drm_dev_register(&planted->drm, 0);
	if (ret)
		destroy_workqueue(planted->queue);
	return ret;
}

static void planted_remove(struct platform_device *pdev)
{
	struct planted *planted = platform_get_drvdata(pdev);

	drm_dev_unplug(&planted->drm);
	destroy_workqueue(planted->queue);
}

static struct platform_driver planted_platform_driver = {
	.probe = planted_probe,
	.remove = planted_remove,
	.driver = { .name = "planted" },
};
module_platform_driver(planted_platform_driver);

MODULE_DESCRIPTION("planted bugs");
MODULE_LICENSE("Dual MIT/GPL");
