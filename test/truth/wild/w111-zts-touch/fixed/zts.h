/* SPDX-License-Identifier: MIT */
#ifndef _ZTS_H_
#define _ZTS_H_

#include <linux/i2c.h>
#include <linux/input.h>
#include <linux/workqueue.h>

#define ZTS_REG_ID	0x00
#define ZTS_REG_POINT	0x10
#define ZTS_CHIP_ID	0x5a

struct zts_point {
	u8 flags;
	u8 xh;
	u8 xl;
	u8 yh;
	u8 yl;
} __packed;

#define ZTS_FLAG_DOWN	0x01

struct zts {
	struct i2c_client *client;
	struct input_dev *input;
	struct workqueue_struct *wq;
	struct work_struct work;
};

int zts_input_setup(struct zts *ts);
void zts_input_report(struct zts *ts, const struct zts_point *pt);

#endif
