// SPDX-License-Identifier: MIT
/* Managed memory and a managed mutex beside actions. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/mutex.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct memory_table {
	int entries;
};

struct memory {
	struct drm_device drm;
	struct mutex lock;
	struct memory_table *soft;
	struct memory_table *hard;
	char *label;
};

DEFINE_DRM_GEM_FOPS(memory_fops);

static const struct drm_driver memory_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &memory_fops,
	.name = "memory",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void memory_soft_fini(struct drm_device *drm, void *data)
{
	struct memory *memory = data;

	mutex_lock(&memory->lock);
	memory->soft->entries = 0;
	mutex_unlock(&memory->lock);
}

static void memory_hard_fini(void *data)
{
	struct memory *memory = data;

	memory->hard->entries = 0;
}

static int memory_probe(struct platform_device *pdev)
{
	struct memory *memory;
	int ret;

	memory = devm_drm_dev_alloc(&pdev->dev, &memory_drm_driver, struct memory, drm);
	if (IS_ERR(memory))
		return PTR_ERR(memory);
	platform_set_drvdata(pdev, memory);
	ret = drmm_mutex_init(&memory->drm, &memory->lock);
	if (ret)
		return ret;
	memory->soft = drmm_kzalloc(&memory->drm, sizeof(*memory->soft), GFP_KERNEL);
	if (!memory->soft)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&memory->drm, memory_soft_fini, memory);
	if (ret)
		return ret;
	memory->hard = devm_kzalloc(&pdev->dev, sizeof(*memory->hard), GFP_KERNEL);
	if (!memory->hard)
		return -ENOMEM;
	ret = devm_add_action_or_reset(&pdev->dev, memory_hard_fini, memory);
	if (ret)
		return ret;
	memory->label = devm_kstrdup(&pdev->dev, "recorded", GFP_KERNEL);
	if (!memory->label)
		return -ENOMEM;
	return drm_dev_register(&memory->drm, 0);
}

static void memory_remove(struct platform_device *pdev)
{
	struct memory *memory = platform_get_drvdata(pdev);

	drm_dev_unregister(&memory->drm);
}

static struct platform_driver memory_platform_driver = {
	.probe = memory_probe,
	.remove = memory_remove,
	.driver = {
		.name = "recorded-memory",
	},
};
module_platform_driver(memory_platform_driver);

MODULE_DESCRIPTION("Recorded driver: memory");
MODULE_LICENSE("Dual MIT/GPL");
