/* SPDX-License-Identifier: MIT */
#ifndef _MX7_H_
#define _MX7_H_

#include <linux/regmap.h>

struct regulator;

#define MX7_REG_ID	0x00
#define MX7_ID		0x77
#define MX7_REG_STATUS	0x08
#define MX7_REG_MASK	0x09
#define MX7_REG_MAX	0x3f

struct mx7 {
	struct device *dev;
	struct regmap *map;
	struct regmap_irq_chip_data *irqs;
	struct regulator *vdd;
};

int mx7_power_init(struct mx7 *mx);

#endif
