// SPDX-License-Identifier: MIT
/* Watchdog with an optional early warning (interrupt and second register window). */
#include <linux/clk.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/watchdog.h>
#include <linux/workqueue.h>

#define KENNEL_RELOAD	0x00
#define KENNEL_CTRL	0x04
#define KENNEL_WARN_ACK	0x00
#define KENNEL_RATE	1000

struct kennel_warn {
	void __iomem *regs;
	struct workqueue_struct *wq;
	struct work_struct work;
	int irq;
};

struct kennel_clk {
	struct clk *clk;
};

struct kennel {
	struct watchdog_device wdd;
	struct device *dev;
	void __iomem *regs;
	struct kennel_warn *warn;
};

static int kennel_ping(struct watchdog_device *wdd)
{
	struct kennel *kn = watchdog_get_drvdata(wdd);

	writel(wdd->timeout * KENNEL_RATE, kn->regs + KENNEL_RELOAD);
	return 0;
}

static int kennel_start(struct watchdog_device *wdd)
{
	struct kennel *kn = watchdog_get_drvdata(wdd);

	kennel_ping(wdd);
	writel(1, kn->regs + KENNEL_CTRL);
	return 0;
}

static int kennel_stop(struct watchdog_device *wdd)
{
	struct kennel *kn = watchdog_get_drvdata(wdd);

	writel(0, kn->regs + KENNEL_CTRL);
	return 0;
}

static const struct watchdog_info kennel_info = {
	.options = WDIOF_KEEPALIVEPING | WDIOF_SETTIMEOUT | WDIOF_MAGICCLOSE,
	.identity = "kennel",
};

static const struct watchdog_ops kennel_ops = {
	.owner = THIS_MODULE,
	.start = kennel_start,
	.stop = kennel_stop,
	.ping = kennel_ping,
};

static void kennel_warn_work(struct work_struct *work)
{
	pr_warn("kennel: watchdog is about to bite\n");
}

static irqreturn_t kennel_warn_irq(int irq, void *data)
{
	struct kennel_warn *warn = data;

	writel(1, warn->regs + KENNEL_WARN_ACK);
	queue_work(warn->wq, &warn->work);
	return IRQ_HANDLED;
}

static void kennel_clk_release(struct device *dev, void *res)
{
	struct kennel_clk *dr = res;

	clk_disable_unprepare(dr->clk);
}

static int kennel_clk_on(struct device *dev)
{
	struct kennel_clk *dr;
	int ret;

	dr = devres_alloc(kennel_clk_release, sizeof(*dr), GFP_KERNEL);
	if (!dr)
		return -ENOMEM;
	dr->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(dr->clk)) {
		ret = PTR_ERR(dr->clk);
		goto err_free;
	}
	ret = clk_prepare_enable(dr->clk);
	if (ret)
		goto err_free;
	devres_add(dev, dr);
	return 0;

err_free:
	devres_free(dr);	/* not added yet, so its release is not called */
	return ret;
}

/* All or nothing: what a failing step leaves behind goes with the group. */
static int kennel_warn_init(struct platform_device *pdev, struct kennel *kn)
{
	struct device *dev = &pdev->dev;
	struct kennel_warn *warn;
	void *group;
	int ret = -ENOMEM;

	group = devres_open_group(dev, NULL, GFP_KERNEL);
	if (!group)
		return -ENOMEM;

	warn = devm_kzalloc(dev, sizeof(*warn), GFP_KERNEL);
	if (!warn)
		goto err_group;
	INIT_WORK(&warn->work, kennel_warn_work);

	warn->regs = devm_platform_ioremap_resource(pdev, 1);
	if (IS_ERR(warn->regs)) {
		ret = PTR_ERR(warn->regs);
		goto err_group;
	}
	ret = platform_get_irq_optional(pdev, 0);
	if (ret < 0)
		goto err_group;
	warn->irq = ret;

	ret = -ENOMEM;
	warn->wq = alloc_workqueue("kennel", 0, 1);
	if (!warn->wq)
		goto err_group;
	ret = devm_request_irq(dev, warn->irq, kennel_warn_irq, 0, "kennel", warn);
	if (ret)
		goto err_wq;

	/* forgets the group only; what is in it stays until unbind */
	devres_remove_group(dev, group);
	kn->warn = warn;
	return 0;

err_wq:
	destroy_workqueue(warn->wq);
err_group:
	devres_release_group(dev, group);
	return ret;
}

static void kennel_warn_exit(struct kennel *kn)
{
	struct kennel_warn *warn = kn->warn;

	if (!warn)
		return;
	devm_free_irq(kn->dev, warn->irq, warn);
	destroy_workqueue(warn->wq);
	kn->warn = NULL;
	devm_kfree(kn->dev, warn);
}

static int kennel_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct kennel *kn;
	int ret;

	kn = devm_kzalloc(dev, sizeof(*kn), GFP_KERNEL);
	if (!kn)
		return -ENOMEM;
	kn->dev = dev;
	platform_set_drvdata(pdev, kn);
	ret = kennel_clk_on(dev);
	if (ret)
		return ret;
	kn->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(kn->regs))
		return PTR_ERR(kn->regs);

	kn->wdd.info = &kennel_info;
	kn->wdd.ops = &kennel_ops;
	kn->wdd.parent = dev;
	kn->wdd.timeout = 30;
	kn->wdd.min_timeout = 1;
	kn->wdd.max_timeout = 600;
	watchdog_set_drvdata(&kn->wdd, kn);
	watchdog_stop_on_unregister(&kn->wdd);

	ret = kennel_warn_init(pdev, kn);
	if (ret == -EPROBE_DEFER)
		return ret;
	if (ret)
		dev_info(dev, "no early warning (%d)\n", ret);

	ret = devm_watchdog_register_device(dev, &kn->wdd);
	if (ret)
		kennel_warn_exit(kn);
	return ret;
}

static void kennel_remove(struct platform_device *pdev)
{
	kennel_warn_exit(platform_get_drvdata(pdev));
}

static const struct of_device_id kennel_of_match[] = {
	{ .compatible = "hound,kennel-wdt" },
	{ }
};
MODULE_DEVICE_TABLE(of, kennel_of_match);

static struct platform_driver kennel_driver = {
	.probe = kennel_probe,
	.remove = kennel_remove,
	.driver = { .name = "kennel_wdt", .of_match_table = kennel_of_match },
};
module_platform_driver(kennel_driver);

MODULE_DESCRIPTION("Kennel watchdog");
MODULE_LICENSE("GPL");
