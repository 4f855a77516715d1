// SPDX-License-Identifier: MIT
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/module.h>

#include "pcwdt.h"

#define PCWDT_TIMEOUT	0x00
#define PCWDT_PRETMO	0x04
#define PCWDT_CTRL	0x08
#define  PCWDT_RUN	BIT(0)
#define  PCWDT_IRQ_EN	BIT(1)
#define PCWDT_KICK	0x0c
#define PCWDT_STAT	0x10
#define  PCWDT_STAT_PRE	BIT(0)

static int pcwdt_start(struct watchdog_device *wdd)
{
	struct pcwdt *wdt = watchdog_get_drvdata(wdd);

	iowrite32(wdd->timeout, wdt->regs + PCWDT_TIMEOUT);
	iowrite32(wdd->pretimeout, wdt->regs + PCWDT_PRETMO);
	iowrite32(PCWDT_RUN | (wdd->pretimeout ? PCWDT_IRQ_EN : 0),
		  wdt->regs + PCWDT_CTRL);

	return 0;
}

static int pcwdt_stop(struct watchdog_device *wdd)
{
	pcwdt_hw_off(watchdog_get_drvdata(wdd));

	return 0;
}

static int pcwdt_ping(struct watchdog_device *wdd)
{
	struct pcwdt *wdt = watchdog_get_drvdata(wdd);

	iowrite32(1, wdt->regs + PCWDT_KICK);

	return 0;
}

const struct watchdog_ops pcwdt_ops = {
	.owner = THIS_MODULE,
	.start = pcwdt_start,
	.stop = pcwdt_stop,
	.ping = pcwdt_ping,
};

void pcwdt_hw_off(struct pcwdt *wdt)
{
	iowrite32(0, wdt->regs + PCWDT_CTRL);
}

bool pcwdt_hw_ack(struct pcwdt *wdt)
{
	if (!(ioread32(wdt->regs + PCWDT_STAT) & PCWDT_STAT_PRE))
		return false;

	iowrite32(PCWDT_STAT_PRE, wdt->regs + PCWDT_STAT);

	return true;
}
