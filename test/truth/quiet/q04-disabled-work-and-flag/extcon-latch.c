// SPDX-License-Identifier: MIT
/* Cable detection with a settle work; the supply of the comparator may brown out and kick it, too. */
#include <linux/extcon-provider.h>
#include <linux/gpio/consumer.h>
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#define LATCH_SETTLE	msecs_to_jiffies(25)
#define LATCH_HISTORY	32

static const unsigned int latch_cables[] = { EXTCON_USB, EXTCON_NONE };

struct latch {
	struct device *dev;
	struct extcon_dev *edev;
	struct gpio_desc *id;
	struct regulator *vcmp;
	struct notifier_block vcmp_nb;
	struct work_struct edge;
	struct delayed_work settle;
	spinlock_t lock;	/* closing, and with it the queueing of settle */
	bool closing;
	ktime_t *history;
	unsigned int edges;
};

static void latch_kick(struct latch *latch)
{
	unsigned long flags;

	spin_lock_irqsave(&latch->lock, flags);
	if (!latch->closing)
		mod_delayed_work(system_wq, &latch->settle, LATCH_SETTLE);
	spin_unlock_irqrestore(&latch->lock, flags);
}

static void latch_settle(struct work_struct *work)
{
	struct latch *latch = container_of(to_delayed_work(work), struct latch, settle);

	extcon_set_state_sync(latch->edev, EXTCON_USB, gpiod_get_value_cansleep(latch->id) > 0);
}

static void latch_edge(struct work_struct *work)
{
	struct latch *latch = container_of(work, struct latch, edge);

	latch->history[latch->edges++ % LATCH_HISTORY] = ktime_get();
	latch_kick(latch);
}

static irqreturn_t latch_irq(int irq, void *data)
{
	struct latch *latch = data;

	schedule_work(&latch->edge);
	return IRQ_HANDLED;
}

static int latch_vcmp_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct latch *latch = container_of(nb, struct latch, vcmp_nb);

	if (event & (REGULATOR_EVENT_UNDER_VOLTAGE | REGULATOR_EVENT_ENABLE))
		latch_kick(latch);
	return NOTIFY_DONE;
}

static void latch_quiet(struct latch *latch)
{
	/* from here on neither the interrupt nor the notifier can bring a work back */
	disable_work_sync(&latch->edge);

	spin_lock_irq(&latch->lock);
	latch->closing = true;
	spin_unlock_irq(&latch->lock);
	cancel_delayed_work_sync(&latch->settle);
}

static int latch_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct latch *latch;
	int irq, ret;

	latch = devm_kzalloc(dev, sizeof(*latch), GFP_KERNEL);
	if (!latch)
		return -ENOMEM;
	latch->dev = dev;
	spin_lock_init(&latch->lock);
	INIT_WORK(&latch->edge, latch_edge);
	INIT_DELAYED_WORK(&latch->settle, latch_settle);
	platform_set_drvdata(pdev, latch);

	latch->id = devm_gpiod_get(dev, "id", GPIOD_IN);
	if (IS_ERR(latch->id))
		return PTR_ERR(latch->id);
	latch->vcmp = devm_regulator_get(dev, "vcmp");
	if (IS_ERR(latch->vcmp))
		return PTR_ERR(latch->vcmp);
	irq = gpiod_to_irq(latch->id);
	if (irq < 0)
		return irq;

	latch->edev = devm_extcon_dev_allocate(dev, latch_cables);
	if (IS_ERR(latch->edev))
		return PTR_ERR(latch->edev);
	ret = devm_extcon_dev_register(dev, latch->edev);
	if (ret)
		return ret;

	latch->history = kcalloc(LATCH_HISTORY, sizeof(*latch->history), GFP_KERNEL);
	if (!latch->history)
		return -ENOMEM;

	latch->vcmp_nb.notifier_call = latch_vcmp_event;
	ret = devm_regulator_register_notifier(latch->vcmp, &latch->vcmp_nb);
	if (ret)
		goto err_quiet;
	ret = devm_request_irq(dev, irq, latch_irq, IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING,
			       "latch-id", latch);
	if (ret)
		goto err_quiet;
	latch_kick(latch);
	return 0;

err_quiet:
	latch_quiet(latch);
	kfree(latch->history);
	return ret;
}

static void latch_remove(struct platform_device *pdev)
{
	struct latch *latch = platform_get_drvdata(pdev);

	latch_quiet(latch);
	kfree(latch->history);
}

static const struct of_device_id latch_of_match[] = {
	{ .compatible = "hasp,cable-latch" },
	{ }
};
MODULE_DEVICE_TABLE(of, latch_of_match);

static struct platform_driver latch_driver = {
	.probe = latch_probe,
	.remove = latch_remove,
	.driver = { .name = "extcon-latch", .of_match_table = latch_of_match },
};
module_platform_driver(latch_driver);

MODULE_DESCRIPTION("Cable detection latch");
MODULE_LICENSE("GPL");
