// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/module.h>
#include <linux/sysfs.h>
#include "orrery.h"

static ssize_t position_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct orrery *orr = dev_get_drvdata(dev);
	u16 position;

	mutex_lock(&orr->lock);
	position = orr->position;
	mutex_unlock(&orr->lock);
	orr->gen->poke(orr);
	return sysfs_emit(buf, "%u\n", position);
}
static DEVICE_ATTR_RO(position);

static int orrery_probe(struct spi_device *spi)
{
	struct orrery *orr;
	int ret;

	orr = devm_kzalloc(&spi->dev, sizeof(*orr), GFP_KERNEL);
	if (!orr)
		return -ENOMEM;
	orr->spi = spi;
	orr->gen = spi_get_device_match_data(spi);
	if (!orr->gen)
		return -ENODEV;
	mutex_init(&orr->lock);
	spi_set_drvdata(spi, orr);

	ret = orr->gen->init(orr);
	if (ret)
		return dev_err_probe(&spi->dev, ret, "%s\n", orr->gen->name);

	ret = device_create_file(&spi->dev, &dev_attr_position);
	if (ret)
		orr->gen->fini(orr);
	return ret;
}

static void orrery_remove(struct spi_device *spi)
{
	struct orrery *orr = spi_get_drvdata(spi);

	device_remove_file(&spi->dev, &dev_attr_position);
	orr->gen->fini(orr);
}

static const struct spi_device_id orrery_ids[] = {
	{ "orrery1", (kernel_ulong_t)&orrery_gen1 },
	{ "orrery2", (kernel_ulong_t)&orrery_gen2 },
	{ }
};
MODULE_DEVICE_TABLE(spi, orrery_ids);

static struct spi_driver orrery_driver = {
	.driver = { .name = "orrery" },
	.id_table = orrery_ids,
	.probe = orrery_probe,
	.remove = orrery_remove,
};
module_spi_driver(orrery_driver);

MODULE_DESCRIPTION("Orrery position encoder");
MODULE_LICENSE("GPL");
