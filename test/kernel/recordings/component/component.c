// SPDX-License-Identifier: MIT
/* An aggregate device with two components. */
#include <linux/component.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct component_gpu {
	struct drm_device drm;
	bool bus;
	int parts;
};

struct component_part {
	struct component_gpu *gpu;
	bool clock;
};

DEFINE_DRM_GEM_FOPS(component_fops);

static const struct drm_driver component_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &component_fops,
	.name = "component",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void component_bus_release(void *data)
{
	struct component_gpu *gpu = data;

	gpu->bus = false;
}

static void component_table_fini(struct drm_device *drm, void *data)
{
	struct component_gpu *gpu = data;

	gpu->parts = 0;
}

static void component_part_ring_fini(struct drm_device *drm, void *data)
{
	struct component_gpu *gpu = data;

	gpu->parts--;
}

static void component_part_clock_disable(void *data)
{
	struct component_part *part = data;

	part->clock = false;
}

static int component_part_bind(struct device *dev, struct device *master, void *data)
{
	struct component_gpu *gpu = data;
	struct component_part *part;
	int ret;

	part = devm_kzalloc(dev, sizeof(*part), GFP_KERNEL);
	if (!part)
		return -ENOMEM;
	part->gpu = gpu;
	ret = devm_add_action_or_reset(dev, component_part_clock_disable, part);
	if (ret)
		return ret;
	gpu->parts++;
	return drmm_add_action_or_reset(&gpu->drm, component_part_ring_fini, gpu);
}

static void component_part_unbind(struct device *dev, struct device *master, void *data)
{
	struct component_gpu *gpu = data;

	gpu->bus = true;
}

static const struct component_ops component_part_ops = {
	.bind = component_part_bind,
	.unbind = component_part_unbind,
};

static void component_part_power_off(void *data)
{
	struct device *dev = data;

	dev_set_drvdata(dev, NULL);
}

static int component_part_probe(struct platform_device *pdev)
{
	int ret = devm_add_action_or_reset(&pdev->dev, component_part_power_off, &pdev->dev);

	if (ret)
		return ret;
	return component_add(&pdev->dev, &component_part_ops);
}

static void component_part_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &component_part_ops);
}

static int component_master_bind(struct device *dev)
{
	struct component_gpu *gpu;
	int ret;

	gpu = devm_drm_dev_alloc(dev, &component_drm_driver, struct component_gpu, drm);
	if (IS_ERR(gpu))
		return PTR_ERR(gpu);
	dev_set_drvdata(dev, gpu);
	ret = drmm_add_action_or_reset(&gpu->drm, component_table_fini, gpu);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, component_bus_release, gpu);
	if (ret)
		return ret;
	ret = component_bind_all(dev, gpu);
	if (ret)
		return ret;
	ret = drm_dev_register(&gpu->drm, 0);
	if (ret)
		goto err_unbind;
	return 0;

err_unbind:
	component_unbind_all(dev, gpu);
	return ret;
}

static void component_master_unbind(struct device *dev)
{
	struct component_gpu *gpu = dev_get_drvdata(dev);

	drm_dev_unregister(&gpu->drm);
	component_unbind_all(dev, gpu);
}

static const struct component_master_ops component_master_ops = {
	.bind = component_master_bind,
	.unbind = component_master_unbind,
};

static void component_master_power_off(void *data)
{
	struct device *dev = data;

	dev_set_drvdata(dev, NULL);
}

static int component_compare(struct device *dev, void *data)
{
	return to_platform_device(dev)->id == (long)data;
}

static int component_master_probe(struct platform_device *pdev)
{
	struct component_match *match = NULL;
	int ret;

	ret = devm_add_action_or_reset(&pdev->dev, component_master_power_off, &pdev->dev);
	if (ret)
		return ret;
	component_match_add(&pdev->dev, &match, component_compare, (void *)1L);
	component_match_add(&pdev->dev, &match, component_compare, (void *)2L);
	return component_master_add_with_match(&pdev->dev, &component_master_ops, match);
}

static void component_master_remove(struct platform_device *pdev)
{
	component_master_del(&pdev->dev, &component_master_ops);
}

static struct platform_driver component_part_driver = {
	.probe = component_part_probe,
	.remove = component_part_remove,
	.driver = {
		.name = "recorded-part",
	},
};

static struct platform_driver component_master_driver = {
	.probe = component_master_probe,
	.remove = component_master_remove,
	.driver = {
		.name = "recorded-master",
	},
};

static struct platform_driver * const component_drivers[] = {
	&component_part_driver,
	&component_master_driver,
};

static int __init component_init(void)
{
	return platform_register_drivers(component_drivers, ARRAY_SIZE(component_drivers));
}
module_init(component_init);

static void __exit component_exit(void)
{
	platform_unregister_drivers(component_drivers, ARRAY_SIZE(component_drivers));
}
module_exit(component_exit);

MODULE_DESCRIPTION("Recorded driver: component");
MODULE_LICENSE("Dual MIT/GPL");
