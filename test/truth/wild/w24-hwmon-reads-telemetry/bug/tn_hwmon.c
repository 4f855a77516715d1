#include <linux/err.h>
#include <linux/hwmon.h>

#include "tn.h"

static umode_t tn_hwmon_is_visible(const void *data, enum hwmon_sensor_types type,
				   u32 attr, int channel)
{
	return 0444;
}

static int tn_hwmon_read(struct device *dev, enum hwmon_sensor_types type,
			 u32 attr, int channel, long *val)
{
	struct tn_device *tn = dev_get_drvdata(dev);

	switch (type) {
	case hwmon_temp:
		return tn->sensors->temp(tn, channel, val);
	case hwmon_power:
		return tn->sensors->power(tn, val);
	default:
		return -EOPNOTSUPP;
	}
}

static const struct hwmon_ops tn_hwmon_ops = {
	.is_visible = tn_hwmon_is_visible,
	.read = tn_hwmon_read,
};

static const struct hwmon_channel_info * const tn_hwmon_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT, HWMON_T_INPUT, HWMON_T_INPUT, HWMON_T_INPUT),
	HWMON_CHANNEL_INFO(power, HWMON_P_INPUT),
	NULL
};

static const struct hwmon_chip_info tn_hwmon_chip = {
	.ops = &tn_hwmon_ops,
	.info = tn_hwmon_info,
};

int tn_hwmon_init(struct tn_device *tn)
{
	tn->hwmon = devm_hwmon_device_register_with_info(&tn->pdev->dev, "tensilon", tn,
							 &tn_hwmon_chip, NULL);

	return PTR_ERR_OR_ZERO(tn->hwmon);
}
