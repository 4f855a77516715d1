#include <linux/gpio/consumer.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "hb.h"

struct drm_hubport_state {
	__u32 plugged;
	__u32 pad;
};

#define DRM_IOCTL_HUBPORT_STATE	DRM_IOR(DRM_COMMAND_BASE, struct drm_hubport_state)

static int hb_state_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct hb_device *hb = to_hb(drm);
	struct drm_hubport_state *args = data;
	struct hb_port *port;

	args->plugged = 0;
	for_each_hb_port(hb, port)
		if (READ_ONCE(port->plugged))
			args->plugged |= BIT(port->index);

	return 0;
}

static const struct drm_ioctl_desc hb_ioctls[] = {
	DRM_IOCTL_DEF_DRV(HUBPORT_STATE, hb_state_ioctl, 0),
};

DEFINE_DRM_GEM_FOPS(hb_fops);

static const struct drm_driver hb_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &hb_fops,
	.ioctls = hb_ioctls,
	.num_ioctls = ARRAY_SIZE(hb_ioctls),
	.name = "hubport",
	.desc = "Docking port hub",
};

static int hb_probe(struct platform_device *pdev)
{
	struct hb_device *hb;
	int count, ret;

	hb = devm_drm_dev_alloc(&pdev->dev, &hb_driver, struct hb_device, drm);
	if (IS_ERR(hb))
		return PTR_ERR(hb);
	hb->dev = &pdev->dev;
	platform_set_drvdata(pdev, hb);

	count = gpiod_count(&pdev->dev, "hpd");
	if (count < 0)
		return count;
	hb->num_ports = min(count, HB_MAX_PORTS);

	ret = hb_ports_init(hb);
	if (ret)
		return ret;

	return drm_dev_register(&hb->drm, 0);
}

static void hb_remove(struct platform_device *pdev)
{
	struct hb_device *hb = platform_get_drvdata(pdev);

	drm_dev_unplug(&hb->drm);
}

static const struct of_device_id hb_of_match[] = {
	{ .compatible = "docking,hubport" },
	{ }
};
MODULE_DEVICE_TABLE(of, hb_of_match);

static struct platform_driver hb_platform_driver = {
	.probe = hb_probe,
	.remove = hb_remove,
	.driver = {
		.name = "hubport",
		.of_match_table = hb_of_match,
	},
};
module_platform_driver(hb_platform_driver);

MODULE_DESCRIPTION("Docking port hub");
MODULE_LICENSE("GPL");
