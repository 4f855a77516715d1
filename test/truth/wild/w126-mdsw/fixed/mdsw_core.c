// SPDX-License-Identifier: MIT
/* MDIO switch block with a die temperature sensor. */
#include <linux/hwmon.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "mdsw.h"

static umode_t mdsw_is_visible(const void *data, enum hwmon_sensor_types type,
			       u32 attr, int channel)
{
	return 0444;
}

static int mdsw_temp_read(struct device *dev, enum hwmon_sensor_types type,
			  u32 attr, int channel, long *val)
{
	struct mdsw *sw = dev_get_drvdata(dev);

	*val = (long)(readl(sw->base + MDSW_TEMP) & 0xff) * 1000 - 40000;

	return 0;
}

static const struct hwmon_channel_info * const mdsw_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT),
	NULL
};

static const struct hwmon_ops mdsw_hwmon_ops = {
	.is_visible = mdsw_is_visible,
	.read = mdsw_temp_read,
};

static const struct hwmon_chip_info mdsw_chip = {
	.ops = &mdsw_hwmon_ops,
	.info = mdsw_info,
};

static int mdsw_hwmon_register(struct mdsw *sw)
{
	struct device *hwmon;

	hwmon = devm_hwmon_device_register_with_info(sw->dev, "mdsw", sw,
						     &mdsw_chip, NULL);

	return PTR_ERR_OR_ZERO(hwmon);
}

static int mdsw_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mdsw *sw;
	int ret;

	sw = devm_kzalloc(dev, sizeof(*sw), GFP_KERNEL);
	if (!sw)
		return -ENOMEM;

	sw->dev = dev;
	platform_set_drvdata(pdev, sw);

	sw->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sw->base))
		return PTR_ERR(sw->base);

	ret = mdsw_mdio_register(sw);
	if (ret)
		return dev_err_probe(dev, ret, "cannot register mdio bus\n");

	ret = mdsw_hwmon_register(sw);
	if (ret)
		mdsw_mdio_unregister(sw);

	return ret;
}

static void mdsw_remove(struct platform_device *pdev)
{
	mdsw_mdio_unregister(platform_get_drvdata(pdev));
}

static const struct of_device_id mdsw_of_match[] = {
	{ .compatible = "acme,mdio-switch" },
	{ }
};
MODULE_DEVICE_TABLE(of, mdsw_of_match);

static struct platform_driver mdsw_driver = {
	.probe = mdsw_probe,
	.remove = mdsw_remove,
	.driver = {
		.name = "mdsw",
		.of_match_table = mdsw_of_match,
	},
};
module_platform_driver(mdsw_driver);

MODULE_DESCRIPTION("MDIO switch block");
MODULE_LICENSE("GPL");
