// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "pixclk.h"

static void pix_rate_program(struct pix_rate *rate, unsigned long bus_rate)
{
	writel(DIV_ROUND_UP(bus_rate, rate->target), rate->regs + PIX_DIV);
}

static int pix_rate_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	struct pix_rate *rate = container_of(nb, struct pix_rate, nb);
	struct clk_notifier_data *cnd = data;

	switch (event) {
	case PRE_RATE_CHANGE:
		writel(1, rate->regs + PIX_HOLD);
		return NOTIFY_OK;
	case POST_RATE_CHANGE:
		pix_rate_program(rate, cnd->new_rate);
		fallthrough;
	case ABORT_RATE_CHANGE:
		writel(0, rate->regs + PIX_HOLD);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

struct pix_rate *pix_rate_track(struct device *dev, void __iomem *regs, unsigned long target)
{
	struct pix_rate *rate;
	int ret;

	rate = devm_kzalloc(dev, sizeof(*rate), GFP_KERNEL);
	if (!rate)
		return ERR_PTR(-ENOMEM);

	rate->bus = devm_clk_get_enabled(dev, "bus");
	if (IS_ERR(rate->bus))
		return ERR_CAST(rate->bus);

	rate->regs = regs;
	rate->target = target;
	rate->nb.notifier_call = pix_rate_notify;

	ret = clk_notifier_register(rate->bus, &rate->nb);
	if (ret)
		return ERR_PTR(ret);

	pix_rate_program(rate, clk_get_rate(rate->bus));
	return rate;
}

void pix_rate_untrack(struct pix_rate *rate)
{
	clk_notifier_unregister(rate->bus, &rate->nb);
}
