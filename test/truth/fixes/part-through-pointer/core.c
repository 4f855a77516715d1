#include <linux/i2c.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

struct buzz_bus {
	struct i2c_adapter adap;
	int line;
};

struct buzz {
	struct drm_device drm;
	struct i2c_adapter *ddc[4];
	struct list_head buses;
};

static void buzz_bus_fini(struct drm_device *drm, void *arg)
{
	struct buzz_bus *bus = arg;

	i2c_del_adapter(&bus->adap);
}

static int buzz_bus_new(struct buzz *buzz, struct i2c_adapter **out)
{
	struct buzz_bus *bus;
	int ret;

	bus = drmm_kzalloc(&buzz->drm, sizeof(*bus), GFP_KERNEL);
	if (!bus)
		return -ENOMEM;

	ret = i2c_add_adapter(&bus->adap);
	if (ret)
		return ret;

	*out = &bus->adap;

	return drmm_add_action_or_reset(&buzz->drm, buzz_bus_fini, bus);
}

static const struct drm_driver buzz_driver = {
	.driver_features = DRIVER_MODESET,
};

static int buzz_probe(struct platform_device *pdev)
{
	struct buzz *buzz;
	int ret;

	buzz = devm_drm_dev_alloc(&pdev->dev, &buzz_driver, struct buzz, drm);
	if (IS_ERR(buzz))
		return PTR_ERR(buzz);
	INIT_LIST_HEAD(&buzz->buses);
	ret = buzz_bus_new(buzz, &buzz->ddc[0]);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, buzz);
	return drm_dev_register(&buzz->drm, 0);
}

static void buzz_remove(struct platform_device *pdev)
{
	struct buzz *buzz = platform_get_drvdata(pdev);

	drm_dev_unplug(&buzz->drm);
}

static struct platform_driver buzz_platform = {
	.probe = buzz_probe,
	.remove = buzz_remove,
	.driver = { .name = "buzz" },
};
module_platform_driver(buzz_platform);
