/* SPDX-License-Identifier: MIT */
#ifndef _BQX_H_
#define _BQX_H_

#include <linux/notifier.h>
#include <linux/power_supply.h>
#include <linux/regmap.h>
#include <linux/workqueue.h>

#define BQX_REG_STAT	0x00
#define  BQX_STAT_CHG	BIT(0)
#define  BQX_STAT_PG	BIT(2)
#define BQX_REG_ICHG	0x02
#define BQX_REG_MAX	0x0f

struct bqx {
	struct device *dev;
	struct regmap *map;
	struct power_supply *psy;
	struct notifier_block nb;
	struct work_struct supply_work;
};

int bqx_psy_register(struct bqx *bq);

#endif
