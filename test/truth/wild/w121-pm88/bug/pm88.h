/* SPDX-License-Identifier: MIT */
#ifndef _PM88_H_
#define _PM88_H_

#include <linux/regmap.h>

struct i2c_client;

#define PM88_PAGE1_OFFSET	1
#define PM88_REG_ID		0x00
#define PM88_REG_STATUS		0x03
#define PM88_REG_MASK		0x06
#define PM88_REG_MAX		0x7f

enum {
	PM88_IRQ_ONKEY,
	PM88_IRQ_ALARM,
	PM88_IRQ_TEMP,
};

struct pm88 {
	struct device *dev;
	struct i2c_client *client;
	struct i2c_client *page1;
	struct regmap *map;
	struct regmap *map1;
	struct regmap_irq_chip_data *irqs;
};

int pm88_irq_init(struct pm88 *pm);

#endif
