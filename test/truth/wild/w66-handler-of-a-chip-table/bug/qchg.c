// SPDX-License-Identifier: MIT
/* QCHG25 / QCHG26 single cell charger, charger status is polled after every attention interrupt. */
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/power_supply.h>
#include <linux/regmap.h>
#include <linux/workqueue.h>

#define QCHG_STATUS	0x02
#define QCHG_FAULT	0x03
#define QCHG_CURRENT	0x08
#define QCHG_CHARGING	BIT(4)
#define QCHG_DONE	BIT(5)

struct qchg;

struct qchg_model {
	const char *name;
	irq_handler_t attention;
	unsigned int settle_ms;
	int ua_per_lsb;
};

struct qchg {
	struct device *dev;
	struct regmap *map;
	const struct qchg_model *model;
	struct power_supply *psy;
	struct workqueue_struct *wq;
	struct delayed_work settle;
	unsigned int status;
};

static const struct regmap_config qchg_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = 0x1f,
};

static void qchg_kick(struct qchg *chg)
{
	mod_delayed_work(chg->wq, &chg->settle, msecs_to_jiffies(chg->model->settle_ms));
}

static irqreturn_t qchg25_attention(int irq, void *data)
{
	qchg_kick(data);
	return IRQ_HANDLED;
}

static irqreturn_t qchg26_attention(int irq, void *data)
{
	struct qchg *chg = data;
	unsigned int fault;

	if (regmap_read(chg->map, QCHG_FAULT, &fault) || !fault)
		return IRQ_NONE;
	qchg_kick(chg);
	return IRQ_HANDLED;
}

static void qchg_settle(struct work_struct *work)
{
	struct qchg *chg = container_of(to_delayed_work(work), struct qchg, settle);
	unsigned int status;

	if (regmap_read(chg->map, QCHG_STATUS, &status))
		return;
	if (status != READ_ONCE(chg->status)) {
		WRITE_ONCE(chg->status, status);
		power_supply_changed(chg->psy);
	}
}

static int qchg_get_property(struct power_supply *psy, enum power_supply_property prop,
			     union power_supply_propval *val)
{
	struct qchg *chg = power_supply_get_drvdata(psy);
	unsigned int reg;
	int ret;

	switch (prop) {
	case POWER_SUPPLY_PROP_STATUS:
		reg = READ_ONCE(chg->status);
		if (reg & QCHG_CHARGING)
			val->intval = POWER_SUPPLY_STATUS_CHARGING;
		else if (reg & QCHG_DONE)
			val->intval = POWER_SUPPLY_STATUS_FULL;
		else
			val->intval = POWER_SUPPLY_STATUS_NOT_CHARGING;
		return 0;
	case POWER_SUPPLY_PROP_CURRENT_NOW:
		ret = regmap_read(chg->map, QCHG_CURRENT, &reg);
		if (ret)
			return ret;
		val->intval = reg * chg->model->ua_per_lsb;
		return 0;
	default:
		return -EINVAL;
	}
}

static enum power_supply_property qchg_props[] = {
	POWER_SUPPLY_PROP_STATUS,
	POWER_SUPPLY_PROP_CURRENT_NOW,
};

static const struct power_supply_desc qchg_desc = {
	.name = "qchg",
	.type = POWER_SUPPLY_TYPE_USB,
	.properties = qchg_props,
	.num_properties = ARRAY_SIZE(qchg_props),
	.get_property = qchg_get_property,
};

static int qchg_probe(struct i2c_client *client)
{
	struct power_supply_config cfg = { };
	struct device *dev = &client->dev;
	struct qchg *chg;
	int ret;

	chg = devm_kzalloc(dev, sizeof(*chg), GFP_KERNEL);
	if (!chg)
		return -ENOMEM;
	chg->dev = dev;
	chg->model = i2c_get_match_data(client);
	if (!chg->model)
		return -ENODEV;
	INIT_DELAYED_WORK(&chg->settle, qchg_settle);
	i2c_set_clientdata(client, chg);

	chg->map = devm_regmap_init_i2c(client, &qchg_regmap);
	if (IS_ERR(chg->map))
		return PTR_ERR(chg->map);

	cfg.drv_data = chg;
	chg->psy = devm_power_supply_register(dev, &qchg_desc, &cfg);
	if (IS_ERR(chg->psy))
		return PTR_ERR(chg->psy);

	chg->wq = alloc_ordered_workqueue("%s", 0, dev_name(dev));
	if (!chg->wq)
		return -ENOMEM;
	ret = devm_request_threaded_irq(dev, client->irq, NULL, chg->model->attention,
					IRQF_ONESHOT, chg->model->name, chg);
	if (ret)
		destroy_workqueue(chg->wq);
	return ret;
}

static void qchg_remove(struct i2c_client *client)
{
	struct qchg *chg = i2c_get_clientdata(client);

	cancel_delayed_work_sync(&chg->settle);
	destroy_workqueue(chg->wq);
}

static const struct qchg_model qchg25 = { "qchg25", qchg25_attention, 40, 50000 };
static const struct qchg_model qchg26 = { "qchg26", qchg26_attention, 15, 25000 };

static const struct of_device_id qchg_of_match[] = {
	{ .compatible = "quoin,qchg25", .data = &qchg25 },
	{ .compatible = "quoin,qchg26", .data = &qchg26 },
	{ }
};
MODULE_DEVICE_TABLE(of, qchg_of_match);

static struct i2c_driver qchg_driver = {
	.driver = { .name = "qchg", .of_match_table = qchg_of_match },
	.probe = qchg_probe,
	.remove = qchg_remove,
};
module_i2c_driver(qchg_driver);

MODULE_DESCRIPTION("QCHG single cell charger");
MODULE_LICENSE("GPL");
