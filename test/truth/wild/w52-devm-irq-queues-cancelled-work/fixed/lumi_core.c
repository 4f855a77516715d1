// SPDX-License-Identifier: MIT
#include <linux/devm-helpers.h>
#include <linux/module.h>

#include "lumi.h"

static void lumi_settle_work(struct work_struct *work)
{
	struct lumi *lumi = container_of(to_delayed_work(work), struct lumi, settle);
	int lux;

	lux = i2c_smbus_read_word_swapped(lumi->client, LUMI_REG_LUX);
	if (lux < 0)
		return;

	input_report_abs(lumi->input, ABS_MISC, lux);
	input_sync(lumi->input);
}

static int lumi_input_setup(struct lumi *lumi)
{
	struct input_dev *input;

	input = devm_input_allocate_device(&lumi->client->dev);
	if (!input)
		return -ENOMEM;

	input->name = "Lumi ambient light sensor";
	input->id.bustype = BUS_I2C;
	input_set_abs_params(input, ABS_MISC, 0, U16_MAX, 0, 0);
	lumi->input = input;

	return input_register_device(input);
}

static int lumi_probe(struct i2c_client *client)
{
	struct lumi *lumi;
	int ret;

	lumi = devm_kzalloc(&client->dev, sizeof(*lumi), GFP_KERNEL);
	if (!lumi)
		return -ENOMEM;

	lumi->client = client;
	lumi->settle_ms = 40;

	ret = lumi_input_setup(lumi);
	if (ret)
		return ret;

	/* before the interrupt, so that devres cancels it after free_irq() */
	ret = devm_delayed_work_autocancel(&client->dev, &lumi->settle, lumi_settle_work);
	if (ret)
		return ret;

	return lumi_irq_setup(lumi);
}

static const struct i2c_device_id lumi_ids[] = {
	{ "lumi-als" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, lumi_ids);

static struct i2c_driver lumi_driver = {
	.driver = { .name = "lumi-als" },
	.probe = lumi_probe,
	.id_table = lumi_ids,
};
module_i2c_driver(lumi_driver);

MODULE_DESCRIPTION("Lumi ambient light sensor");
MODULE_LICENSE("GPL");
