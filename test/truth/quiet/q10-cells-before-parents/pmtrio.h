/* SPDX-License-Identifier: MIT */
#ifndef PMTRIO_H
#define PMTRIO_H

#include <linux/platform_device.h>
#include <linux/regmap.h>

#define PMTRIO_CTRL	0x01
#define PMTRIO_INT	0x02
#define PMTRIO_MASK	0x03
#define PMTRIO_KEY	0x04
#define PMTRIO_RUN	BIT(0)

enum { PMTRIO_IRQ_PRESS, PMTRIO_IRQ_RELEASE };

/* The parent of the cells; a cell driver only borrows it. */
struct pmtrio {
	struct device *dev;
	struct regmap *map;
	struct regmap_irq_chip_data *irqs;
	unsigned int *levels;
};

extern struct platform_driver pmtrio_key_driver;

#endif
