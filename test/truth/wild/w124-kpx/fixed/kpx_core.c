// SPDX-License-Identifier: MIT
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "kpx.h"

static irqreturn_t kpx_irq_thread(int irq, void *data)
{
	struct kpx *kp = data;
	int state;

	state = i2c_smbus_read_byte_data(kp->client, KPX_REG_STATE);
	if (state < 0) {
		dev_warn_ratelimited(&kp->client->dev, "read failed: %d\n",
				     state);
		return IRQ_NONE;
	}

	kpx_report(kp, state);

	return IRQ_HANDLED;
}

static void kpx_scan_off(void *data)
{
	i2c_smbus_write_byte_data(data, KPX_REG_CTRL, 0);
}

static int kpx_scan_on(struct i2c_client *client)
{
	int ret;

	ret = i2c_smbus_write_byte_data(client, KPX_REG_CTRL, KPX_CTRL_SCAN);
	if (ret)
		return ret;

	return devm_add_action_or_reset(&client->dev, kpx_scan_off, client);
}

static int kpx_request_irq(struct kpx *kp)
{
	struct device *dev = &kp->client->dev;
	int ret;

	ret = devm_request_threaded_irq(dev, kp->client->irq, NULL,
					kpx_irq_thread,
					IRQF_ONESHOT | IRQF_TRIGGER_LOW,
					dev_name(dev), kp);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request irq %d\n",
				     kp->client->irq);

	return 0;
}

static int kpx_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct kpx *kp;
	int ret;

	if (!i2c_check_functionality(client->adapter,
				     I2C_FUNC_SMBUS_BYTE_DATA))
		return -EOPNOTSUPP;

	kp = devm_kzalloc(dev, sizeof(*kp), GFP_KERNEL);
	if (!kp)
		return -ENOMEM;

	kp->client = client;

	ret = kpx_scan_on(client);
	if (ret)
		return dev_err_probe(dev, ret, "cannot start scanning\n");

	ret = kpx_setup_input(kp);
	if (ret)
		return dev_err_probe(dev, ret, "no input device\n");

	return kpx_request_irq(kp);
}

static const struct i2c_device_id kpx_id[] = {
	{ "kpx8" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, kpx_id);

static struct i2c_driver kpx_driver = {
	.driver = {
		.name = "kpx",
	},
	.probe = kpx_probe,
	.id_table = kpx_id,
};
module_i2c_driver(kpx_driver);

MODULE_DESCRIPTION("KPX I2C keypad");
MODULE_LICENSE("GPL");
