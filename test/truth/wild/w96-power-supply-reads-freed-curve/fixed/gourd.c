// SPDX-License-Identifier: MIT
/* Fuel gauge: the discharge curve is read once and kept. */
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/power_supply.h>
#include <linux/property.h>
#include <linux/slab.h>

struct gourd {
	struct i2c_client *client;
	struct power_supply *psy;
	u32 *curve;
	int points;
};

static enum power_supply_property gourd_props[] = {
	POWER_SUPPLY_PROP_VOLTAGE_NOW,
	POWER_SUPPLY_PROP_CAPACITY,
};

static int gourd_capacity(struct gourd *gourd, int voltage)
{
	int i;

	for (i = 0; i < gourd->points; i++)
		if (voltage < gourd->curve[i])
			break;
	return 100 * i / gourd->points;
}

static int gourd_get(struct power_supply *psy, enum power_supply_property prop,
		     union power_supply_propval *val)
{
	struct gourd *gourd = power_supply_get_drvdata(psy);
	int raw = i2c_smbus_read_word_data(gourd->client, 0x09);

	if (raw < 0)
		return raw;
	val->intval = prop == POWER_SUPPLY_PROP_CAPACITY ? gourd_capacity(gourd, raw) : raw * 1000;
	return 0;
}

static const struct power_supply_desc gourd_desc = {
	.name = "gourd",
	.type = POWER_SUPPLY_TYPE_BATTERY,
	.properties = gourd_props,
	.num_properties = ARRAY_SIZE(gourd_props),
	.get_property = gourd_get,
};

static int gourd_probe(struct i2c_client *client)
{
	struct power_supply_config config = { };
	struct gourd *gourd;
	int points, ret;

	gourd = devm_kzalloc(&client->dev, sizeof(*gourd), GFP_KERNEL);
	if (!gourd)
		return -ENOMEM;
	gourd->client = client;
	i2c_set_clientdata(client, gourd);

	points = device_property_count_u32(&client->dev, "vine,curve");
	if (points <= 0)
		return -EINVAL;
	gourd->curve = devm_kcalloc(&client->dev, points, sizeof(u32), GFP_KERNEL);
	if (!gourd->curve)
		return -ENOMEM;
	gourd->points = points;
	ret = device_property_read_u32_array(&client->dev, "vine,curve", gourd->curve, points);
	if (ret)
		return ret;

	config.drv_data = gourd;
	gourd->psy = devm_power_supply_register(&client->dev, &gourd_desc, &config);
	return PTR_ERR_OR_ZERO(gourd->psy);
}

static const struct i2c_device_id gourd_ids[] = {
	{ "gourd" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, gourd_ids);

static struct i2c_driver gourd_driver = {
	.driver = { .name = "gourd" },
	.probe = gourd_probe,
	.id_table = gourd_ids,
};
module_i2c_driver(gourd_driver);

MODULE_DESCRIPTION("Gourd fuel gauge");
MODULE_LICENSE("GPL");
