// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hwmon.h>

#include "thermex.h"

static umode_t thermex_is_visible(const void *data, enum hwmon_sensor_types type,
				  u32 attr, int channel)
{
	const struct thermex *tx = data;

	if (type == hwmon_temp && channel >= tx->soc->nr_sensors)
		return 0;

	return 0444;
}

static int thermex_read(struct device *dev, enum hwmon_sensor_types type,
			u32 attr, int channel, long *val)
{
	struct thermex *tx = dev_get_drvdata(dev);

	switch (type) {
	case hwmon_temp:
		*val = tx->soc->offset +
		       (long)readl(tx->regs + TX_TEMP(channel)) * tx->soc->scale;
		return 0;
	case hwmon_pwm:
		*val = readl(tx->regs + TX_FAN_PWM) & 0xff;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static const struct hwmon_ops thermex_hwmon_ops = {
	.is_visible = thermex_is_visible,
	.read = thermex_read,
};

static const struct hwmon_channel_info * const thermex_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT, HWMON_T_INPUT),
	HWMON_CHANNEL_INFO(pwm, HWMON_PWM_INPUT),
	NULL
};

static const struct hwmon_chip_info thermex_chip_info = {
	.ops = &thermex_hwmon_ops,
	.info = thermex_info,
};

int thermex_hwmon_init(struct thermex *tx)
{
	struct device *hwmon;

	hwmon = hwmon_device_register_with_info(tx->drm.dev, "thermex", tx,
						&thermex_chip_info, NULL);
	if (IS_ERR(hwmon))
		return PTR_ERR(hwmon);

	tx->hwmon = hwmon;
	return 0;
}

void thermex_hwmon_fini(struct thermex *tx)
{
	if (tx->hwmon)
		hwmon_device_unregister(tx->hwmon);
}
