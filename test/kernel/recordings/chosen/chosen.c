// SPDX-License-Identifier: MIT
/* One callback for several objects, another that is chosen, registrations by way of a macro. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct chosen_port {
	bool on;
};

struct chosen {
	struct drm_device drm;
	struct chosen_port port[3];
	bool legacy;
	int parts;
};

#define CHOSEN_ON_UNBIND(chosen, fn, data) \
	devm_add_action_or_reset((chosen)->drm.dev, fn, data)

DEFINE_DRM_GEM_FOPS(chosen_fops);

static const struct drm_driver chosen_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &chosen_fops,
	.name = "chosen",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void chosen_port_off(void *data)
{
	struct chosen_port *port = data;

	port->on = false;
}

static void chosen_legacy_fini(void *data)
{
	struct chosen *chosen = data;

	chosen->parts--;
}

static void chosen_modern_fini(void *data)
{
	struct chosen *chosen = data;

	chosen->parts--;
}

static void chosen_bridge_fini(void *data)
{
	struct chosen *chosen = data;

	chosen->parts--;
}

static int chosen_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct chosen *chosen;
	int ret;

	chosen = devm_drm_dev_alloc(&pdev->dev, &chosen_drm_driver, struct chosen, drm);
	if (IS_ERR(chosen))
		return PTR_ERR(chosen);
	platform_set_drvdata(pdev, chosen);
	ret = CHOSEN_ON_UNBIND(chosen, chosen_port_off, &chosen->port[0]);
	if (ret)
		return ret;
	ret = CHOSEN_ON_UNBIND(chosen, chosen_bridge_fini, chosen);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, chosen_port_off, &chosen->port[1]);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, chosen->legacy ? chosen_legacy_fini : chosen_modern_fini, chosen);
	if (ret)
		return ret;
	ret = devm_add_action(dev, chosen_port_off, &chosen->port[2]);
	if (ret) {
		chosen_port_off(&chosen->port[2]);
		return ret;
	}
	return drm_dev_register(&chosen->drm, 0);
}

static void chosen_remove(struct platform_device *pdev)
{
	struct chosen *chosen = platform_get_drvdata(pdev);

	devm_release_action(&pdev->dev, chosen_port_off, &chosen->port[0]);
	drm_dev_unregister(&chosen->drm);
}

static struct platform_driver chosen_platform_driver = {
	.probe = chosen_probe,
	.remove = chosen_remove,
	.driver = {
		.name = "recorded-chosen",
	},
};
module_platform_driver(chosen_platform_driver);

MODULE_DESCRIPTION("Recorded driver: chosen");
MODULE_LICENSE("Dual MIT/GPL");
