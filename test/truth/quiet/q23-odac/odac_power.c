// SPDX-License-Identifier: MIT
#include <linux/regulator/consumer.h>

#include "odac.h"

/* The reference pin may be left open, the chip then uses its own 2.5 V. */
int odac_ref_get(struct odac *st)
{
	struct device *dev = &st->spi->dev;
	int ret;

	st->ref_mv = ODAC_INT_REF_MV;
	st->vref = devm_regulator_get_optional(dev, "vref");
	if (IS_ERR(st->vref)) {
		ret = PTR_ERR(st->vref);
		return ret == -ENODEV ? 0 : ret;
	}

	ret = regulator_enable(st->vref);
	if (ret)
		return ret;

	ret = regulator_get_voltage(st->vref);
	if (ret < 0) {
		regulator_disable(st->vref);
		return ret;
	}

	st->ref_mv = ret / 1000;
	st->ext_ref = true;

	return 0;
}

void odac_ref_put(struct odac *st)
{
	if (st->ext_ref)
		regulator_disable(st->vref);
}
