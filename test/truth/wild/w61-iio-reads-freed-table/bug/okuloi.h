/* SPDX-License-Identifier: MIT */
#ifndef OKULOI_H
#define OKULOI_H

#include <linux/i2c.h>
#include <linux/mutex.h>
#include <linux/regulator/consumer.h>

struct okuloi;

struct okuloi_variant {
	const char *name;
	u8 cal_len;
	int (*start)(struct okuloi *st);
	void (*stop)(struct okuloi *st);
};

struct okuloi {
	struct i2c_client *client;
	const struct okuloi_variant *variant;
	struct regulator *vdd;
	struct mutex lock;
	u8 *cal;
};

extern const struct okuloi_variant okuloi_v1;

#endif
