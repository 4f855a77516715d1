// SPDX-License-Identifier: MIT
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "zts.h"

static void zts_work(struct work_struct *work)
{
	struct zts *ts = container_of(work, struct zts, work);
	struct zts_point pt;
	int ret;

	ret = i2c_smbus_read_i2c_block_data(ts->client, ZTS_REG_POINT,
					    sizeof(pt), (u8 *)&pt);
	if (ret != sizeof(pt)) {
		dev_warn_ratelimited(&ts->client->dev, "short read: %d\n", ret);
		return;
	}

	zts_input_report(ts, &pt);
}

static irqreturn_t zts_irq(int irq, void *dev_id)
{
	struct zts *ts = dev_id;

	queue_work(ts->wq, &ts->work);

	return IRQ_HANDLED;
}

static void zts_destroy_wq(void *wq)
{
	destroy_workqueue(wq);
}

static int zts_check_id(struct i2c_client *client)
{
	int id = i2c_smbus_read_byte_data(client, ZTS_REG_ID);

	if (id < 0)
		return id;

	return id == ZTS_CHIP_ID ? 0 : -ENODEV;
}

static int zts_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct zts *ts;
	int ret;

	if (!i2c_check_functionality(client->adapter,
				     I2C_FUNC_SMBUS_BYTE_DATA |
				     I2C_FUNC_SMBUS_READ_I2C_BLOCK))
		return -EOPNOTSUPP;

	ret = zts_check_id(client);
	if (ret)
		return dev_err_probe(dev, ret, "unknown chip\n");

	ts = devm_kzalloc(dev, sizeof(*ts), GFP_KERNEL);
	if (!ts)
		return -ENOMEM;

	ts->client = client;
	INIT_WORK(&ts->work, zts_work);
	i2c_set_clientdata(client, ts);

	ret = zts_input_setup(ts);
	if (ret)
		return ret;

	ts->wq = alloc_ordered_workqueue("zts-%s", 0, dev_name(dev));
	if (!ts->wq)
		return -ENOMEM;

	ret = devm_add_action_or_reset(dev, zts_destroy_wq, ts->wq);
	if (ret)
		return ret;

	ret = devm_request_irq(dev, client->irq, zts_irq, IRQF_TRIGGER_FALLING,
			       dev_name(dev), ts);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request irq\n");

	return 0;
}

static const struct i2c_device_id zts_id[] = {
	{ "zts100" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, zts_id);

static struct i2c_driver zts_driver = {
	.driver = {
		.name = "zts",
	},
	.probe = zts_probe,
	.id_table = zts_id,
};
module_i2c_driver(zts_driver);

MODULE_DESCRIPTION("ZTS I2C touchscreen");
MODULE_LICENSE("GPL");
