// SPDX-License-Identifier: MIT

#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_managed.h>

#include "sample_device.h"
#include "sample_migrate.h"

DEFINE_DRM_GEM_FOPS(sample_fops);

static const struct drm_driver sample_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &sample_fops,
	.name = "sample_gpu",
	.desc = "Sample GPU",
	.major = 1,
};

/* Software only: right as a drmm action. */
static void sample_contexts_fini(struct drm_device *drm, void *arg)
{
	struct sample_device *sdev = arg;

	xa_destroy(&sdev->contexts);
}

static int sample_contexts_init(struct sample_device *sdev)
{
	xa_init_flags(&sdev->contexts, XA_FLAGS_ALLOC1);

	return drmm_add_action_or_reset(&sdev->drm, sample_contexts_fini, sdev);
}

/* Writes registers: right as a devm action. */
static void sample_hw_stop(void *arg)
{
	struct sample_device *sdev = arg;

	writel(0, sdev->regs + SAMPLE_REG_CONTROL);
}

static int sample_hw_start(struct sample_device *sdev)
{
	writel(SAMPLE_CONTROL_RUN, sdev->regs + SAMPLE_REG_CONTROL);

	return devm_add_action_or_reset(sdev->drm.dev, sample_hw_stop, sdev);
}

static irqreturn_t sample_irq_handler(int irq, void *arg)
{
	struct sample_device *sdev = arg;
	u32 status = readl(sdev->regs + SAMPLE_REG_IRQ_STATUS);

	if (!status)
		return IRQ_NONE;

	writel(status, sdev->regs + SAMPLE_REG_IRQ_STATUS);

	return IRQ_HANDLED;
}

static int sample_device_probe(struct sample_device *sdev, struct pci_dev *pdev)
{
	int err;

	err = sample_contexts_init(sdev);
	if (err)
		return err;

	err = sample_ttm_init(sdev);
	if (err)
		return err;

	sdev->migrate = sample_migrate_init(sdev);
	if (IS_ERR(sdev->migrate))
		return PTR_ERR(sdev->migrate);

	err = devm_request_irq(&pdev->dev, pdev->irq, sample_irq_handler, IRQF_SHARED,
			       "sample_gpu", sdev);
	if (err)
		return err;

	return sample_hw_start(sdev);
}

static int sample_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sample_device *sdev;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;

	sdev = devm_drm_dev_alloc(&pdev->dev, &sample_driver, struct sample_device, drm);
	if (IS_ERR(sdev))
		return PTR_ERR(sdev);

	pci_set_drvdata(pdev, sdev);
	pci_set_master(pdev);

	sdev->regs = pcim_iomap_region(pdev, 0, "sample_gpu");
	if (IS_ERR(sdev->regs))
		return PTR_ERR(sdev->regs);

	err = sample_device_probe(sdev, pdev);
	if (err)
		return err;

	return drm_dev_register(&sdev->drm, 0);
}

static void sample_pci_remove(struct pci_dev *pdev)
{
	struct sample_device *sdev = pci_get_drvdata(pdev);

	drm_dev_unplug(&sdev->drm);
	ttm_device_clear_dma_mappings(&sdev->ttm);
}

static const struct pci_device_id sample_pci_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x5a3b) },
	{ }
};
MODULE_DEVICE_TABLE(pci, sample_pci_ids);

static struct pci_driver sample_pci_driver = {
	.name = "sample_gpu",
	.id_table = sample_pci_ids,
	.probe = sample_pci_probe,
	.remove = sample_pci_remove,
};
module_pci_driver(sample_pci_driver);

MODULE_DESCRIPTION("A GPU driver to try Driver Teardown on");
MODULE_LICENSE("Dual MIT/GPL");
