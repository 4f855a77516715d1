// SPDX-License-Identifier: MIT
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/io.h>

#include "pgpio.h"

static void pgpio_rmw(struct pgpio *pg, u32 reg, u32 bit, bool on)
{
	unsigned long flags;
	u32 val;

	spin_lock_irqsave(&pg->lock, flags);
	val = readl(pg->base + reg);
	val = on ? val | bit : val & ~bit;
	writel(val, pg->base + reg);
	spin_unlock_irqrestore(&pg->lock, flags);
}

static int pgpio_get(struct gpio_chip *gc, unsigned int off)
{
	struct pgpio *pg = gpiochip_get_data(gc);

	return !!(readl(pg->base + PGPIO_IN) & BIT(off));
}

static void pgpio_set(struct gpio_chip *gc, unsigned int off, int value)
{
	pgpio_rmw(gpiochip_get_data(gc), PGPIO_OUT, BIT(off), value);
}

static int pgpio_dir_in(struct gpio_chip *gc, unsigned int off)
{
	pgpio_rmw(gpiochip_get_data(gc), PGPIO_DIR, BIT(off), false);
	return 0;
}

static int pgpio_dir_out(struct gpio_chip *gc, unsigned int off, int value)
{
	pgpio_set(gc, off, value);
	pgpio_rmw(gpiochip_get_data(gc), PGPIO_DIR, BIT(off), true);
	return 0;
}

void pgpio_fill_chip(struct pgpio *pg)
{
	struct gpio_chip *gc = &pg->gc;

	gc->label = dev_name(pg->dev);
	gc->parent = pg->dev;
	gc->owner = THIS_MODULE;
	gc->base = -1;
	gc->ngpio = PGPIO_NGPIO;
	gc->get = pgpio_get;
	gc->set = pgpio_set;
	gc->direction_input = pgpio_dir_in;
	gc->direction_output = pgpio_dir_out;
}
