// SPDX-License-Identifier: MIT
/* PM88 power management chip, two register pages on two addresses. */
#include <linux/i2c.h>
#include <linux/mfd/core.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "pm88.h"

static const struct regmap_config pm88_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = PM88_REG_MAX,
};

static const struct resource pm88_onkey_res[] = {
	DEFINE_RES_IRQ_NAMED(PM88_IRQ_ONKEY, "onkey"),
};

static const struct resource pm88_rtc_res[] = {
	DEFINE_RES_IRQ_NAMED(PM88_IRQ_ALARM, "alarm"),
};

static const struct mfd_cell pm88_cells[] = {
	{
		.name = "pm88-onkey",
		.resources = pm88_onkey_res,
		.num_resources = ARRAY_SIZE(pm88_onkey_res),
	}, {
		.name = "pm88-rtc",
		.resources = pm88_rtc_res,
		.num_resources = ARRAY_SIZE(pm88_rtc_res),
	}, {
		.name = "pm88-regulator",
	},
};

static int pm88_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct pm88 *pm;
	unsigned int id;
	int ret;

	pm = devm_kzalloc(dev, sizeof(*pm), GFP_KERNEL);
	if (!pm)
		return -ENOMEM;

	pm->dev = dev;
	pm->client = client;
	i2c_set_clientdata(client, pm);

	pm->map = devm_regmap_init_i2c(client, &pm88_regmap);
	if (IS_ERR(pm->map))
		return dev_err_probe(dev, PTR_ERR(pm->map), "no regmap\n");

	ret = regmap_read(pm->map, PM88_REG_ID, &id);
	if (ret)
		return dev_err_probe(dev, ret, "chip does not answer\n");

	pm->page1 = i2c_new_dummy_device(client->adapter,
					 client->addr + PM88_PAGE1_OFFSET);
	if (IS_ERR(pm->page1))
		return dev_err_probe(dev, PTR_ERR(pm->page1), "no page 1\n");

	pm->map1 = devm_regmap_init_i2c(pm->page1, &pm88_regmap);
	if (IS_ERR(pm->map1)) {
		ret = PTR_ERR(pm->map1);
		goto err_page1;
	}

	ret = pm88_irq_init(pm);
	if (ret)
		return dev_err_probe(dev, ret, "cannot add irq chip\n");

	ret = mfd_add_devices(dev, PLATFORM_DEVID_AUTO, pm88_cells,
			      ARRAY_SIZE(pm88_cells), NULL, 0,
			      regmap_irq_get_domain(pm->irqs));
	if (ret)
		goto err_page1;

	dev_info(dev, "PM88 revision %#x\n", id);

	return 0;

err_page1:
	i2c_unregister_device(pm->page1);
	return dev_err_probe(dev, ret, "probe failed\n");
}

static void pm88_remove(struct i2c_client *client)
{
	struct pm88 *pm = i2c_get_clientdata(client);

	mfd_remove_devices(pm->dev);
	i2c_unregister_device(pm->page1);
}

static const struct i2c_device_id pm88_id[] = {
	{ "pm88" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, pm88_id);

static struct i2c_driver pm88_driver = {
	.driver = {
		.name = "pm88",
	},
	.probe = pm88_probe,
	.remove = pm88_remove,
	.id_table = pm88_id,
};
module_i2c_driver(pm88_driver);

MODULE_DESCRIPTION("PM88 core");
MODULE_LICENSE("GPL");
