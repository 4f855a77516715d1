// SPDX-License-Identifier: MIT
#include <linux/hwmon.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/unaligned.h>
#include "vanefan.h"

static const struct regmap_config vanefan_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = 0x3f,
};

static umode_t vanefan_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int ch)
{
	return type == hwmon_pwm ? 0644 : 0444;
}

static int vanefan_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int ch,
			long *val)
{
	struct vanefan *fan = dev_get_drvdata(dev);
	unsigned int duty;
	u8 raw[2];
	int ret;

	if (type == hwmon_pwm) {
		ret = regmap_read(fan->map, VANEFAN_DUTY, &duty);
		if (!ret)
			*val = duty;
		return ret;
	}
	ret = regmap_bulk_read(fan->map, VANEFAN_TACH, raw, sizeof(raw));
	if (!ret)
		*val = get_unaligned_be16(raw) * 30;
	return ret;
}

static int vanefan_write(struct device *dev, enum hwmon_sensor_types type, u32 attr, int ch,
			 long val)
{
	struct vanefan *fan = dev_get_drvdata(dev);

	if (val < 0 || val > VANEFAN_FULL)
		return -EINVAL;
	return regmap_write(fan->map, VANEFAN_DUTY, val);
}

static const struct hwmon_ops vanefan_ops = {
	.is_visible = vanefan_visible,
	.read = vanefan_read,
	.write = vanefan_write,
};

static const struct hwmon_channel_info * const vanefan_info[] = {
	HWMON_CHANNEL_INFO(fan, HWMON_F_INPUT),
	HWMON_CHANNEL_INFO(pwm, HWMON_PWM_INPUT),
	NULL
};

static const struct hwmon_chip_info vanefan_chip = {
	.ops = &vanefan_ops,
	.info = vanefan_info,
};

static int vanefan_publish(struct vanefan *fan)
{
	struct device *hwmon;

	hwmon = devm_hwmon_device_register_with_info(fan->dev, "vanefan", fan, &vanefan_chip, NULL);
	return PTR_ERR_OR_ZERO(hwmon);
}

static int vanefan_probe(struct i2c_client *client)
{
	struct vanefan *fan;
	int ret;

	fan = devm_kzalloc(&client->dev, sizeof(*fan), GFP_KERNEL);
	if (!fan)
		return -ENOMEM;
	fan->dev = &client->dev;
	i2c_set_clientdata(client, fan);

	fan->map = devm_regmap_init_i2c(client, &vanefan_regmap);
	if (IS_ERR(fan->map))
		return PTR_ERR(fan->map);

	ret = vanefan_boost_init(fan);
	if (ret)
		return ret;

	ret = regmap_write(fan->map, VANEFAN_DUTY, VANEFAN_FULL / 2);
	if (ret)
		goto err_boost;

	return vanefan_publish(fan);

err_boost:
	vanefan_boost_exit(fan);
	return ret;
}

static void vanefan_remove(struct i2c_client *client)
{
	vanefan_boost_exit(i2c_get_clientdata(client));
}

static const struct i2c_device_id vanefan_ids[] = {
	{ "vanefan" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, vanefan_ids);

static struct i2c_driver vanefan_driver = {
	.driver = { .name = "vanefan" },
	.probe = vanefan_probe,
	.remove = vanefan_remove,
	.id_table = vanefan_ids,
};
module_i2c_driver(vanefan_driver);

MODULE_DESCRIPTION("Vane fan controller");
MODULE_LICENSE("GPL");
