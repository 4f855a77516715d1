// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/property.h>

#include "bqx.h"

static enum power_supply_property bqx_props[] = {
	POWER_SUPPLY_PROP_STATUS,
	POWER_SUPPLY_PROP_ONLINE,
};

static int bqx_get_property(struct power_supply *psy,
			    enum power_supply_property psp,
			    union power_supply_propval *val)
{
	struct bqx *bq = power_supply_get_drvdata(psy);
	unsigned int stat;
	int ret;

	ret = regmap_read(bq->map, BQX_REG_STAT, &stat);
	if (ret)
		return ret;

	switch (psp) {
	case POWER_SUPPLY_PROP_STATUS:
		val->intval = stat & BQX_STAT_CHG ?
			      POWER_SUPPLY_STATUS_CHARGING :
			      POWER_SUPPLY_STATUS_NOT_CHARGING;
		return 0;
	case POWER_SUPPLY_PROP_ONLINE:
		val->intval = !!(stat & BQX_STAT_PG);
		return 0;
	default:
		return -EINVAL;
	}
}

static const struct power_supply_desc bqx_desc = {
	.name = "bqx-charger",
	.type = POWER_SUPPLY_TYPE_MAINS,
	.properties = bqx_props,
	.num_properties = ARRAY_SIZE(bqx_props),
	.get_property = bqx_get_property,
};

int bqx_psy_register(struct bqx *bq)
{
	struct power_supply_config cfg = {
		.drv_data = bq,
		.fwnode = dev_fwnode(bq->dev),
	};

	bq->psy = devm_power_supply_register(bq->dev, &bqx_desc, &cfg);

	return PTR_ERR_OR_ZERO(bq->psy);
}
