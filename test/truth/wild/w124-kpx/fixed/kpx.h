/* SPDX-License-Identifier: MIT */
#ifndef _KPX_H_
#define _KPX_H_

#include <linux/i2c.h>
#include <linux/input.h>

#define KPX_REG_CTRL	0x00
#define  KPX_CTRL_SCAN	BIT(0)
#define KPX_REG_STATE	0x04
#define KPX_KEYS	8

struct kpx {
	struct i2c_client *client;
	struct input_dev *input;
	unsigned short keymap[KPX_KEYS];
	u8 state;
};

int kpx_setup_input(struct kpx *kp);
void kpx_report(struct kpx *kp, u8 state);

#endif
