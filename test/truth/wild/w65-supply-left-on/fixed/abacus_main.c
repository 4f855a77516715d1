// SPDX-License-Identifier: MIT
#include <linux/hwmon.h>
#include <linux/module.h>

#include "abacus.h"

#define ABACUS_REG_TEMP	0x00

static umode_t abacus_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int ch)
{
	return 0444;
}

static int abacus_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int ch,
		       long *val)
{
	struct abacus *ab = dev_get_drvdata(dev);
	int ret;

	if (type != hwmon_temp || attr != hwmon_temp_input)
		return -EOPNOTSUPP;

	ret = i2c_smbus_read_byte_data(ab->client, ABACUS_REG_TEMP);
	if (ret < 0)
		return ret;

	*val = (s8)ret * 1000L;
	return 0;
}

static const struct hwmon_ops abacus_hwmon_ops = {
	.is_visible = abacus_visible,
	.read = abacus_read,
};

static const struct hwmon_channel_info * const abacus_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT),
	NULL
};

static const struct hwmon_chip_info abacus_chip = {
	.ops = &abacus_hwmon_ops,
	.info = abacus_info,
};

static int abacus_probe(struct i2c_client *client)
{
	struct abacus *ab;
	int ret;

	ab = devm_kzalloc(&client->dev, sizeof(*ab), GFP_KERNEL);
	if (!ab)
		return -ENOMEM;

	ab->client = client;
	i2c_set_clientdata(client, ab);

	ret = abacus_supply_get(ab);
	if (ret)
		return dev_err_probe(&client->dev, ret, "supplies\n");

	ret = abacus_supply_on(ab);
	if (ret)
		return ret;

	ab->hwmon = hwmon_device_register_with_info(&client->dev, "abacus", ab, &abacus_chip,
						    NULL);
	if (IS_ERR(ab->hwmon)) {
		abacus_supply_off(ab);
		return PTR_ERR(ab->hwmon);
	}

	return 0;
}

static void abacus_remove(struct i2c_client *client)
{
	struct abacus *ab = i2c_get_clientdata(client);

	hwmon_device_unregister(ab->hwmon);
	abacus_supply_off(ab);
}

static const struct i2c_device_id abacus_ids[] = {
	{ "abacus-ts" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, abacus_ids);

static struct i2c_driver abacus_driver = {
	.driver = { .name = "abacus-ts" },
	.probe = abacus_probe,
	.remove = abacus_remove,
	.id_table = abacus_ids,
};
module_i2c_driver(abacus_driver);

MODULE_DESCRIPTION("Abacus temperature sensor");
MODULE_LICENSE("GPL");
