// SPDX-License-Identifier: MIT
#include <linux/devm-helpers.h>
#include <linux/interrupt.h>
#include <drm/drm_print.h>

#include "lifo.h"

static void lifo_err_work(struct work_struct *work)
{
	struct lifo *lifo = container_of(work, struct lifo, err_work);

	drm_warn(&lifo->drm, "error %08x (%u so far)\n",
		 readl(lifo->regs + LIFO_ERR), ++lifo->errors);
	writel(~0, lifo->regs + LIFO_ERR);
}

static irqreturn_t lifo_irq(int irq, void *arg)
{
	struct lifo *lifo = arg;
	u32 st = readl(lifo->regs + LIFO_IST);

	if (!st)
		return IRQ_NONE;

	writel(st, lifo->regs + LIFO_IST);
	schedule_work(&lifo->err_work);

	return IRQ_HANDLED;
}

int lifo_irq_init(struct lifo *lifo, int irq)
{
	struct device *dev = lifo->drm.dev;
	int ret;

	ret = devm_work_autocancel(dev, &lifo->err_work, lifo_err_work);
	if (ret)
		return ret;

	return devm_request_irq(dev, irq, lifo_irq, 0, dev_name(dev), lifo);
}
