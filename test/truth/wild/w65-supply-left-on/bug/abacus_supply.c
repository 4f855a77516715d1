// SPDX-License-Identifier: MIT
#include <linux/delay.h>

#include "abacus.h"

#define ABACUS_REF_HZ	1000000

int abacus_supply_get(struct abacus *ab)
{
	struct device *dev = &ab->client->dev;

	ab->supplies[0].supply = "vcc";
	ab->supplies[1].supply = "vio";
	ab->ref = devm_clk_get(dev, "ref");
	if (IS_ERR(ab->ref))
		return PTR_ERR(ab->ref);

	return devm_regulator_bulk_get(dev, ARRAY_SIZE(ab->supplies), ab->supplies);
}

int abacus_supply_on(struct abacus *ab)
{
	int ret;

	ret = regulator_bulk_enable(ARRAY_SIZE(ab->supplies), ab->supplies);
	if (ret)
		return ret;

	ret = clk_set_rate(ab->ref, ABACUS_REF_HZ);
	if (ret)
		return ret;

	ret = clk_prepare_enable(ab->ref);
	if (ret)
		goto err_regulators;

	usleep_range(500, 1000);
	return 0;

err_regulators:
	regulator_bulk_disable(ARRAY_SIZE(ab->supplies), ab->supplies);
	return ret;
}

void abacus_supply_off(struct abacus *ab)
{
	clk_disable_unprepare(ab->ref);
	regulator_bulk_disable(ARRAY_SIZE(ab->supplies), ab->supplies);
}
