// SPDX-License-Identifier: MIT
/* Two drm devices on one device: each has its place on the list of the device. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct pair_aux {
	struct drm_device drm;
	int parts;
};

struct pair {
	struct drm_device drm;
	struct pair_aux *aux;
	int parts;
};

DEFINE_DRM_GEM_FOPS(pair_fops);

static const struct drm_driver pair_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &pair_fops,
	.name = "pair",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void pair_gpu_fini(void *data)
{
	struct pair *pair = data;

	pair->parts--;
}

static void pair_table_fini(struct drm_device *drm, void *data)
{
	struct pair *pair = data;

	pair->parts--;
}

static void pair_aux_link_fini(void *data)
{
	struct pair_aux *aux = data;

	aux->parts--;
}

static void pair_aux_ring_fini(struct drm_device *drm, void *data)
{
	struct pair_aux *aux = data;

	aux->parts--;
}

static int pair_aux_init(struct pair *pair, struct device *dev)
{
	struct pair_aux *aux;
	int ret;

	aux = devm_drm_dev_alloc(dev, &pair_drm_driver, struct pair_aux, drm);
	if (IS_ERR(aux))
		return PTR_ERR(aux);
	pair->aux = aux;
	ret = drmm_add_action_or_reset(&aux->drm, pair_aux_ring_fini, aux);
	if (ret)
		return ret;
	return devm_add_action_or_reset(dev, pair_aux_link_fini, aux);
}

static int pair_probe(struct platform_device *pdev)
{
	struct pair *pair;
	int ret;

	pair = devm_drm_dev_alloc(&pdev->dev, &pair_drm_driver, struct pair, drm);
	if (IS_ERR(pair))
		return PTR_ERR(pair);
	platform_set_drvdata(pdev, pair);
	ret = drmm_add_action_or_reset(&pair->drm, pair_table_fini, pair);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, pair_gpu_fini, pair);
	if (ret)
		return ret;
	ret = pair_aux_init(pair, &pdev->dev);
	if (ret)
		return ret;
	return drm_dev_register(&pair->drm, 0);
}

static void pair_remove(struct platform_device *pdev)
{
	struct pair *pair = platform_get_drvdata(pdev);

	drm_dev_unregister(&pair->drm);
}

static struct platform_driver pair_platform_driver = {
	.probe = pair_probe,
	.remove = pair_remove,
	.driver = {
		.name = "recorded-pair",
	},
};
module_platform_driver(pair_platform_driver);

MODULE_DESCRIPTION("Recorded driver: pair");
MODULE_LICENSE("Dual MIT/GPL");
