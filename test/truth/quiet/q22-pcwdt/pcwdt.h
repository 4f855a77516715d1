/* SPDX-License-Identifier: MIT */
#ifndef _PCWDT_H_
#define _PCWDT_H_

#include <linux/types.h>
#include <linux/watchdog.h>

struct pci_dev;

struct pcwdt {
	struct watchdog_device wdd;
	struct pci_dev *pdev;
	void __iomem *regs;
};

extern const struct watchdog_ops pcwdt_ops;

void pcwdt_hw_off(struct pcwdt *wdt);
bool pcwdt_hw_ack(struct pcwdt *wdt);

#endif
