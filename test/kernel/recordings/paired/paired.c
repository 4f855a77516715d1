// SPDX-License-Identifier: MIT
/* Parts in a table of their functions: up in order, down in reverse, by a loop in probe, its error path and remove(). */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct paired {
	struct drm_device drm;
	int parts;
};

DEFINE_DRM_GEM_FOPS(paired_fops);

static const struct drm_driver paired_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &paired_fops,
	.name = "paired",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void paired_mmio_fini(void *data)
{
	struct paired *paired = data;

	paired->parts--;
}

static void paired_irq_fini(void *data)
{
	struct paired *paired = data;

	paired->parts--;
}

static void paired_fence_fini(struct drm_device *drm, void *data)
{
	struct paired *paired = data;

	paired->parts--;
}

static int paired_mmio_init(struct paired *paired)
{
	return devm_add_action_or_reset(paired->drm.dev, paired_mmio_fini, paired);
}

static void paired_mmio_stop(struct paired *paired)
{
	paired->parts--;
}

static int paired_irq_init(struct paired *paired)
{
	return devm_add_action_or_reset(paired->drm.dev, paired_irq_fini, paired);
}

static void paired_irq_stop(struct paired *paired)
{
	devm_release_action(paired->drm.dev, paired_irq_fini, paired);
}

static int paired_fence_init(struct paired *paired)
{
	return drmm_add_action_or_reset(&paired->drm, paired_fence_fini, paired);
}

static const struct {
	int (*init)(struct paired *paired);
	void (*stop)(struct paired *paired);
} paired_parts[] = {
	{ .init = paired_mmio_init, .stop = paired_mmio_stop },
	{ .init = paired_irq_init, .stop = paired_irq_stop },
	{ .init = paired_fence_init },
};

static void paired_stop(struct paired *paired, int count)
{
	while (--count >= 0)
		if (paired_parts[count].stop)
			paired_parts[count].stop(paired);
}

static int paired_probe(struct platform_device *pdev)
{
	struct paired *paired;
	int ret, i;

	paired = devm_drm_dev_alloc(&pdev->dev, &paired_drm_driver, struct paired, drm);
	if (IS_ERR(paired))
		return PTR_ERR(paired);
	platform_set_drvdata(pdev, paired);
	for (i = 0; i < ARRAY_SIZE(paired_parts); i++) {
		ret = paired_parts[i].init(paired);
		if (ret)
			goto err_stop;
	}
	ret = drm_dev_register(&paired->drm, 0);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	paired_stop(paired, i);
	return ret;
}

static void paired_remove(struct platform_device *pdev)
{
	struct paired *paired = platform_get_drvdata(pdev);

	drm_dev_unregister(&paired->drm);
	paired_stop(paired, ARRAY_SIZE(paired_parts));
}

static struct platform_driver paired_platform_driver = {
	.probe = paired_probe,
	.remove = paired_remove,
	.driver = {
		.name = "recorded-paired",
	},
};
module_platform_driver(paired_platform_driver);

MODULE_DESCRIPTION("Recorded driver: paired");
MODULE_LICENSE("Dual MIT/GPL");
