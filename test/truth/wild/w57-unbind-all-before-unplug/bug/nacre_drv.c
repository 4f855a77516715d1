// SPDX-License-Identifier: MIT
#include <linux/component.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "nacre.h"

DEFINE_DRM_GEM_FOPS(nacre_fops);

static const struct drm_driver nacre_driver = {
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC,
	.fops = &nacre_fops,
	DRM_GEM_SHMEM_DRIVER_OPS,
	.name = "nacre",
	.desc = "Nacre display",
	.major = 1,
};

static int nacre_bind(struct device *dev)
{
	struct nacre *nacre;
	int ret;

	nacre = devm_drm_dev_alloc(dev, &nacre_driver, struct nacre, drm);
	if (IS_ERR(nacre))
		return PTR_ERR(nacre);

	ret = component_bind_all(dev, nacre);
	if (ret)
		return ret;

	ret = nacre_kms_init(nacre);
	if (ret)
		goto err_unbind;

	dev_set_drvdata(dev, nacre);

	ret = drm_dev_register(&nacre->drm, 0);
	if (ret)
		goto err_unbind;

	return 0;

err_unbind:
	component_unbind_all(dev, nacre);
	return ret;
}

static void nacre_unbind(struct device *dev)
{
	struct nacre *nacre = dev_get_drvdata(dev);

	component_unbind_all(dev, nacre);
	drm_dev_unplug(&nacre->drm);
	drm_atomic_helper_shutdown(&nacre->drm);
}

static const struct component_master_ops nacre_master_ops = {
	.bind = nacre_bind,
	.unbind = nacre_unbind,
};

static int nacre_probe(struct platform_device *pdev)
{
	struct component_match *match = NULL;
	struct device_node *np;

	np = of_parse_phandle(pdev->dev.of_node, "scanout", 0);
	if (!np)
		return -ENODEV;

	component_match_add_release(&pdev->dev, &match, component_release_of,
				    component_compare_of, np);

	return component_master_add_with_match(&pdev->dev, &nacre_master_ops, match);
}

static void nacre_remove(struct platform_device *pdev)
{
	component_master_del(&pdev->dev, &nacre_master_ops);
}

static struct platform_driver nacre_platform_driver = {
	.probe = nacre_probe,
	.remove = nacre_remove,
	.driver = { .name = "nacre" },
};

static struct platform_driver * const nacre_drivers[] = {
	&nacre_scan_driver,
	&nacre_platform_driver,
};

static int __init nacre_init(void)
{
	return platform_register_drivers(nacre_drivers, ARRAY_SIZE(nacre_drivers));
}
module_init(nacre_init);

static void __exit nacre_exit(void)
{
	platform_unregister_drivers(nacre_drivers, ARRAY_SIZE(nacre_drivers));
}
module_exit(nacre_exit);

MODULE_DESCRIPTION("Nacre display");
MODULE_LICENSE("GPL");
