/* SPDX-License-Identifier: MIT */
#ifndef LUMI_H
#define LUMI_H

#include <linux/i2c.h>
#include <linux/input.h>
#include <linux/workqueue.h>

#define LUMI_REG_STATUS	0x01
#define LUMI_REG_LUX	0x02

struct lumi {
	struct i2c_client *client;
	struct input_dev *input;
	struct delayed_work settle;
	unsigned int settle_ms;
};

int lumi_irq_setup(struct lumi *lumi);

#endif
