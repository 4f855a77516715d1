// SPDX-License-Identifier: MIT
#include <linux/i2c.h>
#include <linux/interrupt.h>

#include "pm88.h"

static const struct regmap_irq pm88_irqs[] = {
	REGMAP_IRQ_REG(PM88_IRQ_ONKEY, 0, BIT(0)),
	REGMAP_IRQ_REG(PM88_IRQ_ALARM, 0, BIT(2)),
	REGMAP_IRQ_REG(PM88_IRQ_TEMP, 0, BIT(5)),
};

static const struct regmap_irq_chip pm88_irq_chip = {
	.name = "pm88",
	.irqs = pm88_irqs,
	.num_irqs = ARRAY_SIZE(pm88_irqs),
	.num_regs = 1,
	.status_base = PM88_REG_STATUS,
	.mask_base = PM88_REG_MASK,
	.ack_base = PM88_REG_STATUS,
};

int pm88_irq_init(struct pm88 *pm)
{
	return devm_regmap_add_irq_chip(pm->dev, pm->map, pm->client->irq,
					IRQF_ONESHOT, 0, &pm88_irq_chip,
					&pm->irqs);
}
