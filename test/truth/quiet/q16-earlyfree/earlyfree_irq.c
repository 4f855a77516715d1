// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "earlyfree.h"

static void ef_wdog(struct timer_list *t)
{
	struct ef_device *ef = from_timer(ef, t, wdog);

	writel(1, ef->regs + EF_WDOG);
}

static irqreturn_t ef_irq(int irq, void *arg)
{
	struct ef_device *ef = arg;
	struct ef_log *log = ef->log;
	u32 st = readl(ef->regs + EF_IST);

	if (!st)
		return IRQ_NONE;

	writel(st, ef->regs + EF_IST);
	log->status[log->head++ % ARRAY_SIZE(log->status)] = st;
	mod_timer(&ef->wdog, jiffies + HZ / 2);

	return IRQ_HANDLED;
}

int ef_start(struct ef_device *ef)
{
	struct device *dev = ef->drm.dev;
	int ret;

	ef->log = kzalloc(sizeof(*ef->log), GFP_KERNEL);
	if (!ef->log)
		return -ENOMEM;

	timer_setup(&ef->wdog, ef_wdog, 0);

	ret = devm_request_irq(dev, ef->irq, ef_irq, IRQF_SHARED, dev_name(dev), ef);
	if (ret) {
		kfree(ef->log);
		return ret;
	}

	writel(~0, ef->regs + EF_IEN);
	return 0;
}

void ef_stop(struct ef_device *ef)
{
	writel(0, ef->regs + EF_IEN);
	devm_free_irq(ef->drm.dev, ef->irq, ef);
	timer_shutdown_sync(&ef->wdog);
	kfree(ef->log);
}
