// SPDX-License-Identifier: MIT
/* MX7 multi function chip; boards carry several of them. */
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/mfd/core.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "mx7.h"

static const struct regmap_config mx7_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = MX7_REG_MAX,
};

static const struct regmap_irq mx7_irqs[] = {
	REGMAP_IRQ_REG(0, 0, BIT(0)),
	REGMAP_IRQ_REG(1, 0, BIT(1)),
};

static const struct regmap_irq_chip mx7_irq_chip = {
	.name = "mx7",
	.irqs = mx7_irqs,
	.num_irqs = ARRAY_SIZE(mx7_irqs),
	.num_regs = 1,
	.status_base = MX7_REG_STATUS,
	.mask_base = MX7_REG_MASK,
	.ack_base = MX7_REG_STATUS,
};

static const struct resource mx7_gpio_res[] = {
	DEFINE_RES_IRQ(0),
};

static const struct resource mx7_pwm_res[] = {
	DEFINE_RES_IRQ(1),
};

static const struct mfd_cell mx7_cells[] = {
	{
		.name = "mx7-gpio",
		.resources = mx7_gpio_res,
		.num_resources = ARRAY_SIZE(mx7_gpio_res),
	}, {
		.name = "mx7-pwm",
		.resources = mx7_pwm_res,
		.num_resources = ARRAY_SIZE(mx7_pwm_res),
	},
};

static int mx7_check_id(struct mx7 *mx)
{
	unsigned int id;
	int ret = regmap_read(mx->map, MX7_REG_ID, &id);

	if (ret)
		return ret;

	return id == MX7_ID ? 0 : -ENODEV;
}

static int mx7_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct mx7 *mx;
	int ret;

	mx = devm_kzalloc(dev, sizeof(*mx), GFP_KERNEL);
	if (!mx)
		return -ENOMEM;

	mx->dev = dev;
	i2c_set_clientdata(client, mx);

	ret = mx7_power_init(mx);
	if (ret)
		return dev_err_probe(dev, ret, "cannot power up\n");

	mx->map = devm_regmap_init_i2c(client, &mx7_regmap);
	if (IS_ERR(mx->map))
		return dev_err_probe(dev, PTR_ERR(mx->map), "no regmap\n");

	ret = mx7_check_id(mx);
	if (ret)
		return dev_err_probe(dev, ret, "not an MX7\n");

	ret = devm_regmap_add_irq_chip(dev, mx->map, client->irq, IRQF_ONESHOT,
				       0, &mx7_irq_chip, &mx->irqs);
	if (ret)
		return dev_err_probe(dev, ret, "no irq chip\n");

	return devm_mfd_add_devices(dev, PLATFORM_DEVID_AUTO, mx7_cells,
				    ARRAY_SIZE(mx7_cells), NULL, 0,
				    regmap_irq_get_domain(mx->irqs));
}

static const struct i2c_device_id mx7_id[] = {
	{ "mx7" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, mx7_id);

static struct i2c_driver mx7_driver = {
	.driver = {
		.name = "mx7",
	},
	.probe = mx7_probe,
	.id_table = mx7_id,
};
module_i2c_driver(mx7_driver);

MODULE_DESCRIPTION("MX7 core");
MODULE_LICENSE("GPL");
