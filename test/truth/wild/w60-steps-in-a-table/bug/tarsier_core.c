// SPDX-License-Identifier: MIT
#include <linux/interrupt.h>
#include <linux/module.h>

#include "tarsier.h"

static int tarsier_input_add(struct tarsier *ts)
{
	ts->input = devm_input_allocate_device(&ts->client->dev);
	if (!ts->input)
		return -ENOMEM;

	ts->input->name = "Tarsier touch panel";
	ts->input->id.bustype = BUS_I2C;
	input_set_capability(ts->input, EV_KEY, BTN_TOUCH);
	input_set_abs_params(ts->input, ABS_X, 0, 4095, 0, 0);
	input_set_abs_params(ts->input, ABS_Y, 0, 4095, 0, 0);

	return input_register_device(ts->input);
}

static int tarsier_identify(struct tarsier *ts)
{
	int ret = i2c_smbus_read_byte_data(ts->client, TARSIER_CMD_INFO);

	if (ret < 0)
		return ret;

	return ret == TARSIER_SLOTS ? 0 : -ENODEV;
}

static int (* const tarsier_steps[])(struct tarsier *ts) = {
	tarsier_identify,
	tarsier_input_add,
	tarsier_events_attach,
	tarsier_report_alloc,
};

static int tarsier_probe(struct i2c_client *client)
{
	struct tarsier *ts;
	unsigned int n;
	int ret;

	ts = devm_kzalloc(&client->dev, sizeof(*ts), GFP_KERNEL);
	if (!ts)
		return -ENOMEM;

	ts->client = client;

	for (n = 0; n < ARRAY_SIZE(tarsier_steps); n++) {
		ret = tarsier_steps[n](ts);
		if (ret)
			return ret;
	}

	enable_irq(client->irq);
	return 0;
}

static const struct i2c_device_id tarsier_ids[] = {
	{ "tarsier" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, tarsier_ids);

static struct i2c_driver tarsier_driver = {
	.driver = { .name = "tarsier" },
	.probe = tarsier_probe,
	.id_table = tarsier_ids,
};
module_i2c_driver(tarsier_driver);

MODULE_DESCRIPTION("Tarsier touch panel");
MODULE_LICENSE("GPL");
