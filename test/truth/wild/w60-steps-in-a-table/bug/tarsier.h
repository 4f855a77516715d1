/* SPDX-License-Identifier: MIT */
#ifndef TARSIER_H
#define TARSIER_H

#include <linux/i2c.h>
#include <linux/input.h>

#define TARSIER_SLOTS		5
#define TARSIER_CMD_INFO	0x01
#define TARSIER_CMD_POINTS	0x10

struct tarsier_point {
	__le16 x;
	__le16 y;
	u8 pressure;
	u8 id;
} __packed;

struct tarsier_report {
	u8 count;
	struct tarsier_point pt[TARSIER_SLOTS];
} __packed;

struct tarsier {
	struct i2c_client *client;
	struct input_dev *input;
	struct tarsier_report *report;
};

int tarsier_events_attach(struct tarsier *ts);
int tarsier_report_alloc(struct tarsier *ts);

#endif
