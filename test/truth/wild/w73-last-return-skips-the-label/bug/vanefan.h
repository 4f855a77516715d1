/* SPDX-License-Identifier: MIT */
#ifndef VANEFAN_H
#define VANEFAN_H

#include <linux/notifier.h>
#include <linux/regmap.h>

#define VANEFAN_DUTY	0x10
#define VANEFAN_TACH	0x20	/* two bytes, big endian */
#define VANEFAN_FULL	0xff

struct vanefan {
	struct device *dev;
	struct regmap *map;
	struct notifier_block reboot_nb;
};

int vanefan_boost_init(struct vanefan *fan);
void vanefan_boost_exit(struct vanefan *fan);

#endif
