// SPDX-License-Identifier: MIT
/* PCI watchdog with pretimeout interrupt. */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "pcwdt.h"

#define PCWDT_BAR	0

static irqreturn_t pcwdt_irq(int irq, void *data)
{
	struct pcwdt *wdt = data;

	if (!pcwdt_hw_ack(wdt))
		return IRQ_NONE;

	watchdog_notify_pretimeout(&wdt->wdd);

	return IRQ_HANDLED;
}

static const struct watchdog_info pcwdt_info = {
	.options = WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_PRETIMEOUT |
		   WDIOF_MAGICCLOSE,
	.identity = "PCI watchdog",
};

static int pcwdt_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct pcwdt *wdt;
	int ret;

	wdt = devm_kzalloc(dev, sizeof(*wdt), GFP_KERNEL);
	if (!wdt)
		return -ENOMEM;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	ret = pcim_iomap_regions(pdev, BIT(PCWDT_BAR), KBUILD_MODNAME);
	if (ret)
		return ret;

	wdt->pdev = pdev;
	wdt->regs = pcim_iomap_table(pdev)[PCWDT_BAR];
	pci_set_master(pdev);
	pcwdt_hw_off(wdt);

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (ret < 0)
		return ret;

	wdt->wdd.info = &pcwdt_info;
	wdt->wdd.ops = &pcwdt_ops;
	wdt->wdd.parent = dev;
	wdt->wdd.min_timeout = 1;
	wdt->wdd.max_timeout = 600;
	wdt->wdd.timeout = 60;
	watchdog_set_drvdata(&wdt->wdd, wdt);
	watchdog_stop_on_reboot(&wdt->wdd);
	watchdog_stop_on_unregister(&wdt->wdd);

	ret = devm_watchdog_register_device(dev, &wdt->wdd);
	if (ret)
		return ret;

	return devm_request_irq(dev, pci_irq_vector(pdev, 0), pcwdt_irq,
				IRQF_SHARED, KBUILD_MODNAME, wdt);
}

static const struct pci_device_id pcwdt_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x4d0f) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pcwdt_ids);

static struct pci_driver pcwdt_driver = {
	.name = KBUILD_MODNAME,
	.id_table = pcwdt_ids,
	.probe = pcwdt_probe,
};
module_pci_driver(pcwdt_driver);

MODULE_DESCRIPTION("PCI watchdog");
MODULE_LICENSE("GPL");
