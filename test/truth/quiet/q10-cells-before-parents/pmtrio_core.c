// SPDX-License-Identifier: MIT
#include <linux/i2c.h>
#include <linux/mfd/core.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "pmtrio.h"

static const struct regmap_config pmtrio_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = 0x1f,
};

static const struct regmap_irq pmtrio_irqs[] = {
	REGMAP_IRQ_REG(PMTRIO_IRQ_PRESS, 0, BIT(0)),
	REGMAP_IRQ_REG(PMTRIO_IRQ_RELEASE, 0, BIT(1)),
};

static const struct regmap_irq_chip pmtrio_irq_chip = {
	.name = "pmtrio",
	.status_base = PMTRIO_INT,
	.mask_base = PMTRIO_MASK,
	.ack_base = PMTRIO_INT,
	.num_regs = 1,
	.irqs = pmtrio_irqs,
	.num_irqs = ARRAY_SIZE(pmtrio_irqs),
};

static const struct resource pmtrio_key_res[] = {
	DEFINE_RES_IRQ_NAMED(PMTRIO_IRQ_PRESS, "press"),
	DEFINE_RES_IRQ_NAMED(PMTRIO_IRQ_RELEASE, "release"),
};

static const struct mfd_cell pmtrio_cells[] = {
	{
		.name = "pmtrio-key",
		.resources = pmtrio_key_res,
		.num_resources = ARRAY_SIZE(pmtrio_key_res),
	},
};

static void pmtrio_halt(void *data)
{
	struct pmtrio *pm = data;

	regmap_update_bits(pm->map, PMTRIO_CTRL, PMTRIO_RUN, 0);
	kfree(pm->levels);
}

static int pmtrio_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct pmtrio *pm;
	int ret;

	pm = devm_kzalloc(dev, sizeof(*pm), GFP_KERNEL);
	if (!pm)
		return -ENOMEM;
	pm->dev = dev;
	i2c_set_clientdata(client, pm);

	pm->map = devm_regmap_init_i2c(client, &pmtrio_regmap);
	if (IS_ERR(pm->map))
		return PTR_ERR(pm->map);
	pm->levels = kcalloc(2, sizeof(*pm->levels), GFP_KERNEL);
	if (!pm->levels)
		return -ENOMEM;
	ret = regmap_update_bits(pm->map, PMTRIO_CTRL, PMTRIO_RUN, PMTRIO_RUN);
	if (ret) {
		kfree(pm->levels);
		return ret;
	}
	ret = devm_add_action_or_reset(dev, pmtrio_halt, pm);
	if (ret)
		return ret;

	ret = devm_regmap_add_irq_chip(dev, pm->map, client->irq, IRQF_ONESHOT, 0,
				       &pmtrio_irq_chip, &pm->irqs);
	if (ret)
		return ret;

	/* the last entry, so the cells are gone before anything they borrow */
	return devm_mfd_add_devices(dev, PLATFORM_DEVID_AUTO, pmtrio_cells, ARRAY_SIZE(pmtrio_cells),
				    NULL, 0, regmap_irq_get_domain(pm->irqs));
}

static const struct i2c_device_id pmtrio_ids[] = {
	{ "pmtrio" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, pmtrio_ids);

static struct i2c_driver pmtrio_driver = {
	.driver = { .name = "pmtrio" },
	.probe = pmtrio_probe,
	.id_table = pmtrio_ids,
};

static int __init pmtrio_init(void)
{
	int ret = platform_driver_register(&pmtrio_key_driver);

	if (ret)
		return ret;
	ret = i2c_add_driver(&pmtrio_driver);
	if (ret)
		platform_driver_unregister(&pmtrio_key_driver);
	return ret;
}
module_init(pmtrio_init);

static void __exit pmtrio_exit(void)
{
	i2c_del_driver(&pmtrio_driver);
	platform_driver_unregister(&pmtrio_key_driver);
}
module_exit(pmtrio_exit);

MODULE_DESCRIPTION("PMTRIO power management chip");
MODULE_LICENSE("GPL");
