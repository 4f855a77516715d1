// SPDX-License-Identifier: MIT
/* Blast controller: its counters stand in a debugfs folder of their own. */
#include <linux/debugfs.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>

struct furnace {
	void __iomem *base;
	struct dentry *folder;
	u64 blasts;
};

static int blasts_show(struct seq_file *s, void *unused)
{
	struct furnace *furnace = s->private;

	furnace->blasts += readl(furnace->base + 0x08);
	seq_printf(s, "%llu\n", furnace->blasts);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(blasts);

static void furnace_debugfs(struct furnace *furnace, const char *name)
{
	furnace->folder = debugfs_create_dir(name, NULL);
	debugfs_create_file("blasts", 0444, furnace->folder, furnace, &blasts_fops);
}

static int furnace_probe(struct platform_device *pdev)
{
	struct furnace *furnace;

	furnace = devm_kzalloc(&pdev->dev, sizeof(*furnace), GFP_KERNEL);
	if (!furnace)
		return -ENOMEM;
	furnace->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(furnace->base))
		return PTR_ERR(furnace->base);
	platform_set_drvdata(pdev, furnace);
	writel(1, furnace->base);
	furnace_debugfs(furnace, dev_name(&pdev->dev));
	return 0;
}

static void furnace_remove(struct platform_device *pdev)
{
	struct furnace *furnace = platform_get_drvdata(pdev);

	debugfs_remove_recursive(furnace->folder);
	writel(0, furnace->base);
}

static const struct of_device_id furnace_of_match[] = {
	{ .compatible = "kiln,furnace" },
	{ }
};
MODULE_DEVICE_TABLE(of, furnace_of_match);

static struct platform_driver furnace_driver = {
	.probe = furnace_probe,
	.remove = furnace_remove,
	.driver = { .name = "furnace", .of_match_table = furnace_of_match },
};
module_platform_driver(furnace_driver);

MODULE_DESCRIPTION("Furnace blast controller");
MODULE_LICENSE("GPL");
