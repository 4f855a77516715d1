// SPDX-License-Identifier: MIT
#include <linux/clk.h>
#include <linux/component.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/of.h>
#include "cloister.h"

#define UNIT_ARG	0x00
#define UNIT_IRQ_EN	0x04
#define UNIT_IRQ_STAT	0x08

struct cloister_unit {
	struct cloister *cl;	/* valid between bind and unbind */
	void __iomem *regs;
	struct clk *clk;
	u32 slot;
	int irq;
};

void cloister_unit_start(struct cloister_unit *unit, u32 arg)
{
	writel(arg, unit->regs + UNIT_ARG);
}

static irqreturn_t cloister_unit_irq(int irq, void *data)
{
	struct cloister_unit *unit = data;

	if (!readl(unit->regs + UNIT_IRQ_STAT))
		return IRQ_NONE;
	writel(1, unit->regs + UNIT_IRQ_STAT);
	atomic_inc(&unit->cl->jobs_done);
	wake_up_all(&unit->cl->idle);
	return IRQ_HANDLED;
}

static int cloister_unit_bind(struct device *dev, struct device *master, void *data)
{
	struct cloister_unit *unit = dev_get_drvdata(dev);
	struct cloister *cl = data;
	int ret;

	if (cl->units[unit->slot])
		return -EBUSY;
	unit->cl = cl;
	ret = clk_prepare_enable(unit->clk);
	if (ret)
		return ret;

	/* belongs to the group which component_unbind() releases, but it is to go before the clock */
	ret = devm_request_irq(dev, unit->irq, cloister_unit_irq, 0, dev_name(dev), unit);
	if (ret) {
		clk_disable_unprepare(unit->clk);
		return ret;
	}
	writel(1, unit->regs + UNIT_IRQ_EN);
	cl->units[unit->slot] = unit;
	return 0;
}

static void cloister_unit_unbind(struct device *dev, struct device *master, void *data)
{
	struct cloister_unit *unit = dev_get_drvdata(dev);
	struct cloister *cl = data;

	cl->units[unit->slot] = NULL;
	writel(0, unit->regs + UNIT_IRQ_EN);
	devm_free_irq(dev, unit->irq, unit);
	clk_disable_unprepare(unit->clk);
	unit->cl = NULL;
}

static const struct component_ops cloister_unit_ops = {
	.bind = cloister_unit_bind,
	.unbind = cloister_unit_unbind,
};

static int cloister_unit_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct cloister_unit *unit;
	int ret;

	unit = devm_kzalloc(dev, sizeof(*unit), GFP_KERNEL);
	if (!unit)
		return -ENOMEM;
	platform_set_drvdata(pdev, unit);
	ret = of_property_read_u32(dev->of_node, "reg-slot", &unit->slot);
	if (ret || unit->slot >= CLOISTER_UNITS)
		return -EINVAL;
	unit->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(unit->regs))
		return PTR_ERR(unit->regs);
	unit->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(unit->clk))
		return PTR_ERR(unit->clk);
	unit->irq = platform_get_irq(pdev, 0);
	if (unit->irq < 0)
		return unit->irq;
	return component_add(dev, &cloister_unit_ops);
}

static void cloister_unit_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &cloister_unit_ops);
}

static const struct of_device_id cloister_unit_of_match[] = {
	{ .compatible = "abbey,cloister-unit" },
	{ }
};
MODULE_DEVICE_TABLE(of, cloister_unit_of_match);

struct platform_driver cloister_unit_driver = {
	.probe = cloister_unit_probe,
	.remove = cloister_unit_remove,
	.driver = { .name = "cloister-unit", .of_match_table = cloister_unit_of_match },
};
