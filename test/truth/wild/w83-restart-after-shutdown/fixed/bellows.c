// SPDX-License-Identifier: MIT
/* Power controller whose reset bit restarts the board. */
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/platform_device.h>
#include <linux/reboot.h>
#include <linux/slab.h>

#define BELLOWS_RESET	0x10

struct bellows {
	void __iomem *base;
	struct notifier_block restart;
};

static int bellows_restart(struct notifier_block *nb, unsigned long mode, void *cmd)
{
	struct bellows *bellows = container_of(nb, struct bellows, restart);

	writel(1, bellows->base + BELLOWS_RESET);
	return NOTIFY_DONE;
}

static int bellows_probe(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	struct bellows *bellows;
	int ret;

	if (!res)
		return -EINVAL;
	bellows = devm_kzalloc(&pdev->dev, sizeof(*bellows), GFP_KERNEL);
	if (!bellows)
		return -ENOMEM;
	bellows->base = ioremap(res->start, resource_size(res));
	if (!bellows->base)
		return -ENOMEM;
	platform_set_drvdata(pdev, bellows);

	bellows->restart.notifier_call = bellows_restart;
	bellows->restart.priority = 192;
	ret = register_restart_handler(&bellows->restart);
	if (ret)
		iounmap(bellows->base);
	return ret;
}

static void bellows_remove(struct platform_device *pdev)
{
	struct bellows *bellows = platform_get_drvdata(pdev);

	unregister_restart_handler(&bellows->restart);
	iounmap(bellows->base);
}

static void bellows_shutdown(struct platform_device *pdev)
{
	struct bellows *bellows = platform_get_drvdata(pdev);

	writel(0, bellows->base);
}

static const struct of_device_id bellows_of_match[] = {
	{ .compatible = "forge,bellows" },
	{ }
};
MODULE_DEVICE_TABLE(of, bellows_of_match);

static struct platform_driver bellows_driver = {
	.probe = bellows_probe,
	.remove = bellows_remove,
	.shutdown = bellows_shutdown,
	.driver = { .name = "bellows", .of_match_table = bellows_of_match },
};
module_platform_driver(bellows_driver);

MODULE_DESCRIPTION("Bellows power controller");
MODULE_LICENSE("GPL");
