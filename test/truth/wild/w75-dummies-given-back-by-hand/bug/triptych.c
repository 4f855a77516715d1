// SPDX-License-Identifier: MIT
/* Three bank LED driver, every bank answers at an I2C address of its own. */
#include <linux/i2c.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/regulator/consumer.h>

#define TRIPTYCH_BANKS		3
#define TRIPTYCH_LEDS		8
#define TRIPTYCH_LEVEL(n)	(0x10 + (n))
#define TRIPTYCH_ENABLE		0x01

struct triptych_led {
	struct led_classdev cdev;
	struct i2c_client *bank;
	u8 index;
};

struct triptych {
	struct i2c_client *bank[TRIPTYCH_BANKS];
	unsigned int num_leds;
	struct triptych_led leds[];
};

#define to_triptych_led(c) container_of(c, struct triptych_led, cdev)
#define for_each_bank(t, i) for ((i) = 0; (i) < ARRAY_SIZE((t)->bank); (i)++)

static int triptych_set(struct led_classdev *cdev, enum led_brightness level)
{
	struct triptych_led *led = to_triptych_led(cdev);

	return i2c_smbus_write_byte_data(led->bank, TRIPTYCH_LEVEL(led->index), level);
}

static int triptych_open_banks(struct i2c_client *client, struct triptych *tri)
{
	unsigned int i;

	tri->bank[0] = client;
	for (i = 1; i < TRIPTYCH_BANKS; i++) {
		struct i2c_client *bank;

		bank = devm_i2c_new_dummy_device(&client->dev, client->adapter, client->addr + i);
		if (IS_ERR(bank))
			return PTR_ERR(bank);
		tri->bank[i] = bank;
	}
	return 0;
}

static int triptych_enable_banks(struct triptych *tri, bool on)
{
	unsigned int i;
	int ret;

	for_each_bank(tri, i) {
		ret = i2c_smbus_write_byte_data(tri->bank[i], TRIPTYCH_ENABLE, on);
		if (ret)
			return ret;
	}
	return 0;
}

static void triptych_close_banks(void *data)
{
	struct triptych *tri = data;
	unsigned int i;

	triptych_enable_banks(tri, false);
	for_each_bank(tri, i) {
		if (i)
			i2c_unregister_device(tri->bank[i]);
	}
}

static int triptych_add_led(struct device *dev, struct triptych *tri, struct device_node *np)
{
	struct led_init_data init = { .fwnode = of_fwnode_handle(np) };
	struct triptych_led *led;
	u32 reg;
	int ret;

	ret = of_property_read_u32(np, "reg", &reg);
	if (ret)
		return ret;
	if (reg >= TRIPTYCH_BANKS * TRIPTYCH_LEDS)
		return -EINVAL;

	led = &tri->leds[tri->num_leds++];
	led->bank = tri->bank[reg / TRIPTYCH_LEDS];
	led->index = reg % TRIPTYCH_LEDS;
	led->cdev.max_brightness = 255;
	led->cdev.brightness_set_blocking = triptych_set;
	return devm_led_classdev_register_ext(dev, &led->cdev, &init);
}

static int triptych_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct device_node *child;
	struct triptych *tri;
	int ret;

	tri = devm_kzalloc(dev, struct_size(tri, leds, of_get_available_child_count(dev->of_node)),
			   GFP_KERNEL);
	if (!tri)
		return -ENOMEM;

	ret = devm_regulator_get_enable(dev, "vled");
	if (ret)
		return ret;

	ret = triptych_open_banks(client, tri);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(dev, triptych_close_banks, tri);
	if (ret)
		return ret;

	ret = triptych_enable_banks(tri, true);
	if (ret)
		return ret;

	for_each_available_child_of_node(dev->of_node, child) {
		ret = triptych_add_led(dev, tri, child);
		if (ret) {
			of_node_put(child);
			return ret;
		}
	}
	return 0;
}

static const struct of_device_id triptych_of_match[] = {
	{ .compatible = "altar,triptych-led" },
	{ }
};
MODULE_DEVICE_TABLE(of, triptych_of_match);

static struct i2c_driver triptych_driver = {
	.driver = { .name = "triptych", .of_match_table = triptych_of_match },
	.probe = triptych_probe,
};
module_i2c_driver(triptych_driver);

MODULE_DESCRIPTION("Three bank LED driver");
MODULE_LICENSE("GPL");
