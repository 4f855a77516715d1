// SPDX-License-Identifier: MIT
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "bqx.h"

#define BQX_ICHG_LOW	0x04
#define BQX_ICHG_FULL	0x1c

static const struct regmap_config bqx_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = BQX_REG_MAX,
};

static void bqx_supply_work(struct work_struct *work)
{
	struct bqx *bq = container_of(work, struct bqx, supply_work);
	bool supplied = power_supply_am_i_supplied(bq->psy) > 0;

	if (regmap_write(bq->map, BQX_REG_ICHG,
			 supplied ? BQX_ICHG_FULL : BQX_ICHG_LOW))
		dev_warn(bq->dev, "cannot set charge current\n");
}

static int bqx_notify(struct notifier_block *nb, unsigned long event,
		      void *data)
{
	struct bqx *bq = container_of(nb, struct bqx, nb);

	if (event != PSY_EVENT_PROP_CHANGED || data == bq->psy)
		return NOTIFY_DONE;

	schedule_work(&bq->supply_work);

	return NOTIFY_OK;
}

static irqreturn_t bqx_irq_thread(int irq, void *data)
{
	struct bqx *bq = data;

	power_supply_changed(bq->psy);

	return IRQ_HANDLED;
}

static int bqx_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct bqx *bq;
	int ret;

	bq = devm_kzalloc(dev, sizeof(*bq), GFP_KERNEL);
	if (!bq)
		return -ENOMEM;

	bq->dev = dev;
	INIT_WORK(&bq->supply_work, bqx_supply_work);
	i2c_set_clientdata(client, bq);

	bq->map = devm_regmap_init_i2c(client, &bqx_regmap);
	if (IS_ERR(bq->map))
		return dev_err_probe(dev, PTR_ERR(bq->map), "no regmap\n");

	ret = bqx_psy_register(bq);
	if (ret)
		return dev_err_probe(dev, ret, "cannot register supply\n");

	bq->nb.notifier_call = bqx_notify;
	ret = power_supply_reg_notifier(&bq->nb);
	if (ret)
		return ret;

	ret = devm_request_threaded_irq(dev, client->irq, NULL, bqx_irq_thread,
					IRQF_ONESHOT, dev_name(dev), bq);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request irq\n");

	return 0;
}

static void bqx_remove(struct i2c_client *client)
{
	struct bqx *bq = i2c_get_clientdata(client);

	power_supply_unreg_notifier(&bq->nb);
	cancel_work_sync(&bq->supply_work);
}

static const struct i2c_device_id bqx_id[] = {
	{ "bqx2501" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, bqx_id);

static struct i2c_driver bqx_driver = {
	.driver = {
		.name = "bqx",
	},
	.probe = bqx_probe,
	.remove = bqx_remove,
	.id_table = bqx_id,
};
module_i2c_driver(bqx_driver);

MODULE_DESCRIPTION("BQX battery charger");
MODULE_LICENSE("GPL");
