/* SPDX-License-Identifier: MIT */
#ifndef _PGPIO_H_
#define _PGPIO_H_

#include <linux/gpio/driver.h>
#include <linux/spinlock.h>

#define PGPIO_DIR	0x00
#define PGPIO_OUT	0x04
#define PGPIO_IN	0x08
#define PGPIO_NGPIO	32

struct pgpio {
	struct gpio_chip gc;
	struct device *dev;
	void __iomem *base;
	spinlock_t lock;	/* read-modify-write of DIR and OUT */
};

void pgpio_fill_chip(struct pgpio *pg);

#endif
