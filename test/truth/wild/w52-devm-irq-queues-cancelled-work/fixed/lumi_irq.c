// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/interrupt.h>

#include "lumi.h"

static void lumi_defer_report(struct lumi *lumi)
{
	mod_delayed_work(system_wq, &lumi->settle, msecs_to_jiffies(lumi->settle_ms));
}

static irqreturn_t lumi_threaded(int irq, void *data)
{
	struct lumi *lumi = data;
	int status;

	status = i2c_smbus_read_byte_data(lumi->client, LUMI_REG_STATUS);
	if (status <= 0)
		return IRQ_NONE;

	lumi_defer_report(lumi);
	return IRQ_HANDLED;
}

int lumi_irq_setup(struct lumi *lumi)
{
	struct device *dev = &lumi->client->dev;

	return devm_request_threaded_irq(dev, lumi->client->irq, NULL, lumi_threaded,
					 IRQF_ONESHOT, dev_name(dev), lumi);
}
