// SPDX-License-Identifier: MIT
/* Two components of one display: the mixer tells the scanner about new frames through what the scanner gave it. */
#include <linux/component.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct trellis_scanner {
	void __iomem *regs;
	u32 frames;
};

struct trellis {
	struct device *dev;
	struct trellis_scanner *scanner;
};

struct trellis_mixer {
	struct trellis *trellis;
	void __iomem *regs;
	int irq;
};

static int trellis_scanner_bind(struct device *dev, struct device *master, void *data)
{
	struct trellis *trellis = data;
	struct trellis_scanner *scanner;

	scanner = devm_kzalloc(dev, sizeof(*scanner), GFP_KERNEL);
	if (!scanner)
		return -ENOMEM;
	scanner->regs = devm_platform_ioremap_resource(to_platform_device(dev), 0);
	if (IS_ERR(scanner->regs))
		return PTR_ERR(scanner->regs);
	trellis->scanner = scanner;
	return 0;
}

static const struct component_ops trellis_scanner_ops = {
	.bind = trellis_scanner_bind,
};

static irqreturn_t trellis_mixer_irq(int irq, void *data)
{
	struct trellis_mixer *mixer = data;

	mixer->trellis->scanner->frames++;
	writel(1, mixer->trellis->scanner->regs);
	return IRQ_HANDLED;
}

static int trellis_mixer_bind(struct device *dev, struct device *master, void *data)
{
	struct trellis_mixer *mixer = dev_get_drvdata(dev);

	mixer->trellis = data;
	return request_irq(mixer->irq, trellis_mixer_irq, IRQF_SHARED, "trellis", mixer);
}

static void trellis_mixer_unbind(struct device *dev, struct device *master, void *data)
{
}

static const struct component_ops trellis_mixer_ops = {
	.bind = trellis_mixer_bind,
	.unbind = trellis_mixer_unbind,
};

static int trellis_scanner_probe(struct platform_device *pdev)
{
	return component_add(&pdev->dev, &trellis_scanner_ops);
}

static void trellis_scanner_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &trellis_scanner_ops);
}

static int trellis_mixer_probe(struct platform_device *pdev)
{
	struct trellis_mixer *mixer;

	mixer = devm_kzalloc(&pdev->dev, sizeof(*mixer), GFP_KERNEL);
	if (!mixer)
		return -ENOMEM;
	mixer->irq = platform_get_irq(pdev, 0);
	if (mixer->irq < 0)
		return mixer->irq;
	platform_set_drvdata(pdev, mixer);
	return component_add(&pdev->dev, &trellis_mixer_ops);
}

static void trellis_mixer_remove(struct platform_device *pdev)
{
	struct trellis_mixer *mixer = platform_get_drvdata(pdev);

	component_del(&pdev->dev, &trellis_mixer_ops);
	free_irq(mixer->irq, mixer);
}

static const struct of_device_id trellis_scanner_of_match[] = {
	{ .compatible = "garden,trellis-scanner" },
	{ }
};

static const struct of_device_id trellis_mixer_of_match[] = {
	{ .compatible = "garden,trellis-mixer" },
	{ }
};

static struct platform_driver trellis_scanner_driver = {
	.probe = trellis_scanner_probe,
	.remove = trellis_scanner_remove,
	.driver = { .name = "trellis-scanner", .of_match_table = trellis_scanner_of_match },
};

static struct platform_driver trellis_mixer_driver = {
	.probe = trellis_mixer_probe,
	.remove = trellis_mixer_remove,
	.driver = { .name = "trellis-mixer", .of_match_table = trellis_mixer_of_match },
};

static struct platform_driver * const trellis_drivers[] = {
	&trellis_scanner_driver,
	&trellis_mixer_driver,
};

static int __init trellis_init(void)
{
	return platform_register_drivers(trellis_drivers, ARRAY_SIZE(trellis_drivers));
}

static void __exit trellis_exit(void)
{
	platform_unregister_drivers(trellis_drivers, ARRAY_SIZE(trellis_drivers));
}

module_init(trellis_init);
module_exit(trellis_exit);

MODULE_DESCRIPTION("Trellis display parts");
MODULE_LICENSE("GPL");
