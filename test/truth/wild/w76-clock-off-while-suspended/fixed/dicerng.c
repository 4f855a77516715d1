// SPDX-License-Identifier: MIT
/* Ring oscillator noise source. The clock runs only while somebody reads. */
#include <linux/clk.h>
#include <linux/hw_random.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>

#define DICE_CTRL	0x00
#define DICE_STAT	0x04
#define DICE_WORD	0x08
#define DICE_READY	BIT(0)
#define DICE_IDLE_MS	200

struct dice {
	struct hwrng rng;
	struct device *dev;
	void __iomem *base;
	struct clk *clk;
};

static int dice_start(struct dice *dice)
{
	int ret = clk_prepare_enable(dice->clk);

	if (!ret)
		writel(1, dice->base + DICE_CTRL);
	return ret;
}

static void dice_stop(struct dice *dice)
{
	writel(0, dice->base + DICE_CTRL);
	clk_disable_unprepare(dice->clk);
}

static int dice_runtime_suspend(struct device *dev)
{
	dice_stop(dev_get_drvdata(dev));
	return 0;
}

static int dice_runtime_resume(struct device *dev)
{
	return dice_start(dev_get_drvdata(dev));
}

static const struct dev_pm_ops dice_pm = {
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pm_runtime_force_resume)
	RUNTIME_PM_OPS(dice_runtime_suspend, dice_runtime_resume, NULL)
};

static int dice_read(struct hwrng *rng, void *buf, size_t max, bool wait)
{
	struct dice *dice = container_of(rng, struct dice, rng);
	size_t done = 0;
	u32 stat;
	int ret;

	ret = pm_runtime_resume_and_get(dice->dev);
	if (ret < 0)
		return ret;

	while (done + sizeof(u32) <= max) {
		ret = readl_poll_timeout(dice->base + DICE_STAT, stat, stat & DICE_READY,
					 10, wait ? 2000 : 20);
		if (ret)
			break;
		*(u32 *)(buf + done) = readl(dice->base + DICE_WORD);
		done += sizeof(u32);
	}

	pm_runtime_mark_last_busy(dice->dev);
	pm_runtime_put_autosuspend(dice->dev);
	return done ? done : (wait ? ret : 0);
}

static int dice_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct dice *dice;
	int ret;

	dice = devm_kzalloc(dev, sizeof(*dice), GFP_KERNEL);
	if (!dice)
		return -ENOMEM;
	dice->dev = dev;
	platform_set_drvdata(pdev, dice);

	dice->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(dice->base))
		return PTR_ERR(dice->base);
	dice->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(dice->clk))
		return PTR_ERR(dice->clk);

	ret = dice_start(dice);
	if (ret)
		return ret;

	pm_runtime_get_noresume(dev);
	pm_runtime_set_active(dev);
	pm_runtime_set_autosuspend_delay(dev, DICE_IDLE_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_enable(dev);

	dice->rng.name = "dice";
	dice->rng.read = dice_read;
	dice->rng.quality = 700;
	ret = hwrng_register(&dice->rng);
	if (ret)
		goto err_pm;

	pm_runtime_mark_last_busy(dev);
	pm_runtime_put_autosuspend(dev);
	return 0;

err_pm:
	pm_runtime_dont_use_autosuspend(dev);
	pm_runtime_disable(dev);
	pm_runtime_set_suspended(dev);
	pm_runtime_put_noidle(dev);
	dice_stop(dice);
	return ret;
}

static void dice_remove(struct platform_device *pdev)
{
	struct dice *dice = platform_get_drvdata(pdev);
	struct device *dev = &pdev->dev;
	bool on;

	hwrng_unregister(&dice->rng);

	pm_runtime_dont_use_autosuspend(dev);
	pm_runtime_disable(dev);
	on = !pm_runtime_status_suspended(dev);
	pm_runtime_set_suspended(dev);
	if (on)
		dice_stop(dice);
}

static const struct of_device_id dice_of_match[] = {
	{ .compatible = "gambit,dice-rng" },
	{ }
};
MODULE_DEVICE_TABLE(of, dice_of_match);

static struct platform_driver dice_driver = {
	.probe = dice_probe,
	.remove = dice_remove,
	.driver = { .name = "dicerng", .of_match_table = dice_of_match, .pm = pm_ptr(&dice_pm) },
};
module_platform_driver(dice_driver);

MODULE_DESCRIPTION("Dice noise source");
MODULE_LICENSE("GPL");
