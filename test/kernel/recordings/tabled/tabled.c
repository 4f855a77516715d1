// SPDX-License-Identifier: MIT
/* Parts that are set up by way of function pointers: a table, a parameter, an ops member. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct tabled;

struct tabled_ops {
	int (*init)(struct tabled *tabled);
};

struct tabled {
	struct drm_device drm;
	const struct tabled_ops *ops;
	int parts;
};

DEFINE_DRM_GEM_FOPS(tabled_fops);

static const struct drm_driver tabled_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &tabled_fops,
	.name = "tabled",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void tabled_clock_fini(void *data)
{
	struct tabled *tabled = data;

	tabled->parts--;
}

static void tabled_ring_fini(struct drm_device *drm, void *data)
{
	struct tabled *tabled = data;

	tabled->parts--;
}

static void tabled_irq_fini(void *data)
{
	struct tabled *tabled = data;

	tabled->parts--;
}

static void tabled_fw_fini(void *data)
{
	struct tabled *tabled = data;

	tabled->parts--;
}

static int tabled_clock_init(struct tabled *tabled)
{
	return devm_add_action_or_reset(tabled->drm.dev, tabled_clock_fini, tabled);
}

static int tabled_ring_init(struct tabled *tabled)
{
	return drmm_add_action_or_reset(&tabled->drm, tabled_ring_fini, tabled);
}

static int tabled_irq_init(struct tabled *tabled)
{
	return devm_add_action_or_reset(tabled->drm.dev, tabled_irq_fini, tabled);
}

static int tabled_fw_init(struct tabled *tabled)
{
	return devm_add_action_or_reset(tabled->drm.dev, tabled_fw_fini, tabled);
}

static int (* const tabled_inits[])(struct tabled *tabled) = {
	tabled_clock_init,
	tabled_ring_init,
};

static const struct tabled_ops tabled_ops = {
	.init = tabled_irq_init,
};

static int tabled_run(struct tabled *tabled, int (*init)(struct tabled *tabled))
{
	return init(tabled);
}

static int tabled_probe(struct platform_device *pdev)
{
	struct tabled *tabled;
	int ret, i;

	tabled = devm_drm_dev_alloc(&pdev->dev, &tabled_drm_driver, struct tabled, drm);
	if (IS_ERR(tabled))
		return PTR_ERR(tabled);
	platform_set_drvdata(pdev, tabled);
	tabled->ops = &tabled_ops;
	for (i = 0; i < ARRAY_SIZE(tabled_inits); i++) {
		ret = tabled_inits[i](tabled);
		if (ret)
			return ret;
	}
	ret = tabled->ops->init(tabled);
	if (ret)
		return ret;
	ret = tabled_run(tabled, tabled_fw_init);
	if (ret)
		return ret;
	return drm_dev_register(&tabled->drm, 0);
}

static void tabled_remove(struct platform_device *pdev)
{
	struct tabled *tabled = platform_get_drvdata(pdev);

	drm_dev_unregister(&tabled->drm);
}

static struct platform_driver tabled_platform_driver = {
	.probe = tabled_probe,
	.remove = tabled_remove,
	.driver = {
		.name = "recorded-tabled",
	},
};
module_platform_driver(tabled_platform_driver);

MODULE_DESCRIPTION("Recorded driver: tabled");
MODULE_LICENSE("Dual MIT/GPL");
