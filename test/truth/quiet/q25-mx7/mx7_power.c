// SPDX-License-Identifier: MIT
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/regulator/consumer.h>

#include "mx7.h"

static void mx7_power_off(void *vdd)
{
	regulator_disable(vdd);
}

int mx7_power_init(struct mx7 *mx)
{
	int ret;

	mx->vdd = devm_regulator_get(mx->dev, "vdd");
	if (IS_ERR(mx->vdd))
		return PTR_ERR(mx->vdd);

	ret = regulator_enable(mx->vdd);
	if (ret)
		return ret;

	usleep_range(2000, 3000);

	return devm_add_action_or_reset(mx->dev, mx7_power_off, mx->vdd);
}
