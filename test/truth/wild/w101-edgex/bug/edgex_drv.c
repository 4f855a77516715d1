// SPDX-License-Identifier: MIT
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_debugfs.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>

#include "edgex.h"

#define EDGEX_ISR	0x20
#define EDGEX_ICR	0x24
#define EDGEX_IER	0x28
#define EDGEX_INT_ALL	0x3f

#define to_edgex(d)	container_of(d, struct edgex_device, drm)

static irqreturn_t edgex_irq(int irq, void *arg)
{
	struct edgex_device *edgex = arg;
	u32 status = readl(edgex->regs + EDGEX_ISR) & EDGEX_INT_ALL;

	if (!status)
		return IRQ_NONE;

	writel(status, edgex->regs + EDGEX_ICR);
	edgex_trace_push(edgex->trace, status);

	return IRQ_HANDLED;
}

static int edgex_trace_show(struct seq_file *m, void *unused)
{
	struct drm_debugfs_entry *entry = m->private;

	edgex_trace_dump(to_edgex(entry->dev)->trace, m);
	return 0;
}

static const struct drm_debugfs_info edgex_debugfs[] = {
	{ "irq_trace", edgex_trace_show, 0 },
};

DEFINE_DRM_GEM_FOPS(edgex_fops);

static const struct drm_driver edgex_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &edgex_fops,
	.name = "edgex",
	.desc = "EdgeX edge detector",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int edgex_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct edgex_device *edgex;
	int irq, ret;

	edgex = devm_drm_dev_alloc(dev, &edgex_drm_driver, struct edgex_device, drm);
	if (IS_ERR(edgex))
		return PTR_ERR(edgex);
	platform_set_drvdata(pdev, edgex);

	edgex->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(edgex->regs))
		return PTR_ERR(edgex->regs);

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;

	edgex->trace = edgex_trace_create(dev, 256);
	if (IS_ERR(edgex->trace))
		return PTR_ERR(edgex->trace);

	ret = devm_request_irq(dev, irq, edgex_irq, IRQF_SHARED, dev_name(dev), edgex);
	if (ret)
		goto err_trace;

	drm_debugfs_add_files(&edgex->drm, edgex_debugfs, ARRAY_SIZE(edgex_debugfs));

	ret = drm_dev_register(&edgex->drm, 0);
	if (ret)
		goto err_trace;

	writel(EDGEX_INT_ALL, edgex->regs + EDGEX_IER);
	return 0;

err_trace:
	edgex_trace_destroy(edgex->trace);
	return ret;
}

static void edgex_remove(struct platform_device *pdev)
{
	struct edgex_device *edgex = platform_get_drvdata(pdev);

	drm_dev_unplug(&edgex->drm);
	writel(0, edgex->regs + EDGEX_IER);
	edgex_trace_destroy(edgex->trace);
}

static const struct of_device_id edgex_of_match[] = {
	{ .compatible = "northgate,edgex" },
	{ }
};
MODULE_DEVICE_TABLE(of, edgex_of_match);

static struct platform_driver edgex_driver = {
	.probe = edgex_probe,
	.remove = edgex_remove,
	.driver = { .name = "edgex", .of_match_table = edgex_of_match },
};
module_platform_driver(edgex_driver);

MODULE_DESCRIPTION("EdgeX edge detector driver");
MODULE_LICENSE("GPL");
