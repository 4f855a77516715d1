// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/hwmon.h>

#include "bmon.h"

static umode_t bmon_is_visible(const void *data, enum hwmon_sensor_types type,
			       u32 attr, int channel)
{
	return 0444;
}

static int bmon_read(struct device *dev, enum hwmon_sensor_types type,
		     u32 attr, int channel, long *val)
{
	struct bmon *mon = dev_get_drvdata(dev);

	if (type != hwmon_in || attr != hwmon_in_input)
		return -EOPNOTSUPP;

	*val = READ_ONCE(mon->millivolt);

	return 0;
}

static const struct hwmon_channel_info * const bmon_info[] = {
	HWMON_CHANNEL_INFO(in, HWMON_I_INPUT),
	NULL
};

static const struct hwmon_ops bmon_ops = {
	.is_visible = bmon_is_visible,
	.read = bmon_read,
};

static const struct hwmon_chip_info bmon_chip = {
	.ops = &bmon_ops,
	.info = bmon_info,
};

int bmon_hwmon_register(struct bmon *mon)
{
	mon->hwmon = devm_hwmon_device_register_with_info(mon->dev, "bmon", mon,
							  &bmon_chip, NULL);

	return PTR_ERR_OR_ZERO(mon->hwmon);
}
