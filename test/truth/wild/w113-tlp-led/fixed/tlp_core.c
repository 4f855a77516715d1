// SPDX-License-Identifier: MIT
#include <linux/i2c.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "tlp.h"

static const struct regmap_config tlp_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = TLP_REG_MAX,
};

static int tlp_set(struct led_classdev *cdev, enum led_brightness value)
{
	struct tlp_led *led = container_of(cdev, struct tlp_led, cdev);

	return regmap_write(led->chip->map, TLP_REG_PWM(led->index), value);
}

static int tlp_add_led(struct tlp_chip *chip, unsigned int i)
{
	struct tlp_led *led = &chip->leds[i];

	led->chip = chip;
	led->index = i;
	led->cdev.name = devm_kasprintf(chip->dev, GFP_KERNEL, "%s:led%u",
					dev_name(chip->dev), i);
	if (!led->cdev.name)
		return -ENOMEM;

	led->cdev.max_brightness = 255;
	led->cdev.brightness_set_blocking = tlp_set;

	return devm_led_classdev_register(chip->dev, &led->cdev);
}

static int tlp_setup_power(struct tlp_chip *chip)
{
	int ret;

	ret = tlp_power_get(chip);
	if (ret)
		return ret;

	ret = tlp_power_on(chip);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(chip->dev, tlp_power_off, chip);
	if (ret)
		return ret;

	return 0;
}

static int tlp_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct tlp_chip *chip;
	unsigned int i;
	int ret;

	chip = devm_kzalloc(dev, sizeof(*chip), GFP_KERNEL);
	if (!chip)
		return -ENOMEM;

	chip->dev = dev;
	chip->map = devm_regmap_init_i2c(client, &tlp_regmap);
	if (IS_ERR(chip->map))
		return dev_err_probe(dev, PTR_ERR(chip->map), "no regmap\n");

	ret = tlp_setup_power(chip);
	if (ret)
		return dev_err_probe(dev, ret, "cannot power the chip\n");

	ret = regmap_write(chip->map, TLP_REG_EN, 1);
	if (ret)
		return ret;

	for (i = 0; i < TLP_NUM_LEDS; i++) {
		ret = tlp_add_led(chip, i);
		if (ret)
			return ret;
	}

	return 0;
}

static const struct i2c_device_id tlp_id[] = {
	{ "tlp303" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, tlp_id);

static struct i2c_driver tlp_driver = {
	.driver = {
		.name = "tlp303",
	},
	.probe = tlp_probe,
	.id_table = tlp_id,
};
module_i2c_driver(tlp_driver);

MODULE_DESCRIPTION("TLP303 three channel LED driver");
MODULE_LICENSE("GPL");
