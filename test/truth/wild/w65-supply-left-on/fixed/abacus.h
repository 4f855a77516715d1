/* SPDX-License-Identifier: MIT */
#ifndef ABACUS_H
#define ABACUS_H

#include <linux/clk.h>
#include <linux/i2c.h>
#include <linux/regulator/consumer.h>

struct abacus {
	struct i2c_client *client;
	struct regulator_bulk_data supplies[2];
	struct clk *ref;
	struct device *hwmon;
};

int abacus_supply_get(struct abacus *ab);
int abacus_supply_on(struct abacus *ab);
void abacus_supply_off(struct abacus *ab);

#endif
