// SPDX-License-Identifier: MIT
/* Heater controller: its registers are lost in runtime suspend, a copy is kept. */
#include <linux/clk.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#define EMBER_REGS	32

struct ember {
	struct device *dev;
	void __iomem *base;
	struct clk *clk;
	u32 *shadow;
};

static int ember_runtime_suspend(struct device *dev)
{
	struct ember *ember = dev_get_drvdata(dev);
	int i;

	for (i = 0; i < EMBER_REGS; i++)
		ember->shadow[i] = readl(ember->base + 4 * i);
	clk_disable_unprepare(ember->clk);
	return 0;
}

static int ember_runtime_resume(struct device *dev)
{
	struct ember *ember = dev_get_drvdata(dev);
	int i, ret;

	ret = clk_prepare_enable(ember->clk);
	if (ret)
		return ret;
	for (i = 0; i < EMBER_REGS; i++)
		writel(ember->shadow[i], ember->base + 4 * i);
	return 0;
}

static DEFINE_RUNTIME_DEV_PM_OPS(ember_pm, ember_runtime_suspend, ember_runtime_resume, NULL);

static ssize_t level_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ember *ember = dev_get_drvdata(dev);
	u32 level;
	int ret;

	ret = pm_runtime_resume_and_get(dev);
	if (ret)
		return ret;
	level = readl(ember->base);
	pm_runtime_put_autosuspend(dev);
	return sysfs_emit(buf, "%u\n", level);
}
static DEVICE_ATTR_RO(level);

static struct attribute *ember_attrs[] = {
	&dev_attr_level.attr,
	NULL
};
ATTRIBUTE_GROUPS(ember);

static int ember_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct ember *ember;

	ember = devm_kzalloc(dev, sizeof(*ember), GFP_KERNEL);
	if (!ember)
		return -ENOMEM;
	ember->dev = dev;
	ember->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ember->base))
		return PTR_ERR(ember->base);
	ember->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(ember->clk))
		return PTR_ERR(ember->clk);
	ember->shadow = kcalloc(EMBER_REGS, sizeof(u32), GFP_KERNEL);
	if (!ember->shadow)
		return -ENOMEM;
	platform_set_drvdata(pdev, ember);

	pm_runtime_set_autosuspend_delay(dev, 500);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_enable(dev);
	return 0;
}

static void ember_remove(struct platform_device *pdev)
{
	struct ember *ember = platform_get_drvdata(pdev);

	pm_runtime_dont_use_autosuspend(ember->dev);
	pm_runtime_disable(ember->dev);
	kfree(ember->shadow);
}

static const struct of_device_id ember_of_match[] = {
	{ .compatible = "kiln,ember" },
	{ }
};
MODULE_DEVICE_TABLE(of, ember_of_match);

static struct platform_driver ember_driver = {
	.probe = ember_probe,
	.remove = ember_remove,
	.driver = {
		.name = "ember",
		.of_match_table = ember_of_match,
		.pm = pm_ptr(&ember_pm),
		.dev_groups = ember_groups,
	},
};
module_platform_driver(ember_driver);

MODULE_DESCRIPTION("Ember heater controller");
MODULE_LICENSE("GPL");
