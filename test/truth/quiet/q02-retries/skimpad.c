// SPDX-License-Identifier: MIT
/* Skim touch pad, loads its firmware in probe and may need it twice. */
#include <linux/delay.h>
#include <linux/firmware.h>
#include <linux/gpio/consumer.h>
#include <linux/i2c.h>
#include <linux/input.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/unaligned.h>

#define SKIM_CMD_LOAD	0x70
#define SKIM_CMD_REPORT	0x10
#define SKIM_CHUNK	30

struct skim_report {
	u8 flags;
	__le16 x;
	__le16 y;
} __packed;

struct skim {
	struct i2c_client *client;
	struct input_dev *input;
	struct gpio_desc *reset;
};

static int skim_reset(struct skim *skim)
{
	gpiod_set_value_cansleep(skim->reset, 1);
	msleep(10);
	gpiod_set_value_cansleep(skim->reset, 0);
	msleep(30);
	return i2c_smbus_read_byte(skim->client) < 0 ? -EIO : 0;
}

static int skim_load(struct skim *skim, const struct firmware *fw)
{
	size_t pos, len;
	int ret;

	for (pos = 0; pos < fw->size; pos += len) {
		len = min_t(size_t, fw->size - pos, SKIM_CHUNK);
		ret = i2c_smbus_write_i2c_block_data(skim->client, SKIM_CMD_LOAD, len, fw->data + pos);
		if (ret)
			return ret;
	}
	return 0;
}

static int skim_boot(struct skim *skim)
{
	const struct firmware *fw;
	int ret;

	/* the module maker's file first, then the generic one */
	ret = firmware_request_nowarn(&fw, "skim/pad-oem.bin", &skim->client->dev);
	if (ret)
		ret = request_firmware(&fw, "skim/pad.bin", &skim->client->dev);
	if (ret == -ENOENT)
		goto no_firmware;
	if (ret)
		return ret;

	ret = skim_load(skim, fw);
	if (ret)
		ret = skim_reset(skim) ?: skim_load(skim, fw);
	release_firmware(fw);
	return ret;

no_firmware:
	/* the boot ROM reports single touches without any firmware */
	dev_info(&skim->client->dev, "no firmware, single touch only\n");
	return 0;
}

static irqreturn_t skim_irq(int irq, void *data)
{
	struct skim *skim = data;
	struct skim_report rep;

	if (i2c_smbus_read_i2c_block_data(skim->client, SKIM_CMD_REPORT, sizeof(rep),
					  (u8 *)&rep) != sizeof(rep))
		return IRQ_HANDLED;

	input_report_key(skim->input, BTN_TOUCH, rep.flags & 1);
	if (rep.flags & 1) {
		input_report_abs(skim->input, ABS_X, get_unaligned_le16(&rep.x));
		input_report_abs(skim->input, ABS_Y, get_unaligned_le16(&rep.y));
	}
	input_sync(skim->input);
	return IRQ_HANDLED;
}

static void skim_hold_reset(void *data)
{
	struct skim *skim = data;

	gpiod_set_value_cansleep(skim->reset, 1);
}

static int skim_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct skim *skim;
	int ret;

	skim = devm_kzalloc(dev, sizeof(*skim), GFP_KERNEL);
	if (!skim)
		return -ENOMEM;
	skim->client = client;

	skim->reset = devm_gpiod_get(dev, "reset", GPIOD_OUT_HIGH);
	if (IS_ERR(skim->reset))
		return PTR_ERR(skim->reset);
	ret = devm_add_action_or_reset(dev, skim_hold_reset, skim);
	if (ret)
		return ret;

	ret = skim_reset(skim);
	if (ret)
		ret = skim_reset(skim);
	if (ret)
		return dev_err_probe(dev, ret, "no answer\n");

	ret = skim_boot(skim);
	if (ret)
		return ret;

	skim->input = devm_input_allocate_device(dev);
	if (!skim->input)
		return -ENOMEM;
	skim->input->name = "skim pad";
	skim->input->id.bustype = BUS_I2C;
	input_set_capability(skim->input, EV_KEY, BTN_TOUCH);
	input_set_abs_params(skim->input, ABS_X, 0, 4095, 0, 0);
	input_set_abs_params(skim->input, ABS_Y, 0, 4095, 0, 0);

	/* input_event() on an allocated, not yet registered device is fine */
	ret = devm_request_threaded_irq(dev, client->irq, NULL, skim_irq, IRQF_ONESHOT, "skim", skim);
	if (ret)
		return ret;
	return input_register_device(skim->input);
}

static const struct i2c_device_id skim_ids[] = {
	{ "skimpad" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, skim_ids);

static struct i2c_driver skim_driver = {
	.driver = { .name = "skimpad" },
	.probe = skim_probe,
	.id_table = skim_ids,
};
module_i2c_driver(skim_driver);

MODULE_DESCRIPTION("Skim touch pad");
MODULE_LICENSE("GPL");
