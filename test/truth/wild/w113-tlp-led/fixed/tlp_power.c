// SPDX-License-Identifier: MIT
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/regulator/consumer.h>

#include "tlp.h"

int tlp_power_get(struct tlp_chip *chip)
{
	chip->vled = devm_regulator_get(chip->dev, "vled");
	if (IS_ERR(chip->vled))
		return dev_err_probe(chip->dev, PTR_ERR(chip->vled),
				     "no vled supply\n");

	chip->enable = devm_gpiod_get_optional(chip->dev, "enable",
					       GPIOD_OUT_LOW);
	return PTR_ERR_OR_ZERO(chip->enable);
}

int tlp_power_on(struct tlp_chip *chip)
{
	int ret;

	ret = regulator_enable(chip->vled);
	if (ret)
		return ret;

	gpiod_set_value_cansleep(chip->enable, 1);
	usleep_range(1000, 2000);

	return 0;
}

void tlp_power_off(void *data)
{
	struct tlp_chip *chip = data;

	gpiod_set_value_cansleep(chip->enable, 0);
	regulator_disable(chip->vled);
}
