// SPDX-License-Identifier: MIT
#include <linux/interrupt.h>
#include <linux/io.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>

#include "hotlane.h"

static void hl_hpd_work(struct work_struct *work)
{
	struct hl_device *hl = container_of(to_delayed_work(work), struct hl_device, hpd_work);
	bool on = readl(hl->regs + HL_SENSE) & HL_SENSE_ON;

	drm_dbg_kms(&hl->drm, "sense settled: %s\n", on ? "in" : "out");
	drm_kms_helper_hotplug_event(&hl->drm);
}

static irqreturn_t hl_irq(int irq, void *arg)
{
	struct hl_device *hl = arg;
	u32 st = readl(hl->regs + HL_IST) & readl(hl->regs + HL_IEN);

	if (!(st & HL_INT_HPD))
		return IRQ_NONE;

	writel(HL_INT_HPD, hl->regs + HL_IST);
	mod_delayed_work(system_wq, &hl->hpd_work, HL_HPD_DEBOUNCE);

	return IRQ_HANDLED;
}

int hl_hpd_init(struct hl_device *hl)
{
	INIT_DELAYED_WORK(&hl->hpd_work, hl_hpd_work);
	writel(0, hl->regs + HL_IEN);

	return devm_request_irq(hl->drm.dev, hl->irq, hl_irq, 0,
				dev_name(hl->drm.dev), hl);
}

void hl_hpd_start(struct hl_device *hl)
{
	writel(HL_INT_HPD, hl->regs + HL_IST);
	writel(HL_INT_HPD, hl->regs + HL_IEN);
}

void hl_hpd_stop(struct hl_device *hl)
{
	cancel_delayed_work_sync(&hl->hpd_work);
	writel(0, hl->regs + HL_IEN);
}
