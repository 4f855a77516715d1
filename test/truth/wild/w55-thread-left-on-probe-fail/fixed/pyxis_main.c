// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/sysfs.h>

#include "pyxis.h"

static ssize_t raw_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pyxis *px = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%02x\n", READ_ONCE(px->rx[0]));
}
static DEVICE_ATTR_RO(raw);

static struct attribute *pyxis_attrs[] = {
	&dev_attr_raw.attr,
	NULL
};

static const struct attribute_group pyxis_group = {
	.attrs = pyxis_attrs,
};

static int pyxis_input_init(struct pyxis *px)
{
	unsigned int bit;

	px->input = devm_input_allocate_device(&px->spi->dev);
	if (!px->input)
		return -ENOMEM;

	px->input->name = "Pyxis key matrix";
	px->input->id.bustype = BUS_SPI;
	for (bit = 0; bit < 8; bit++)
		input_set_capability(px->input, EV_KEY, BTN_0 + bit);

	return input_register_device(px->input);
}

static int pyxis_probe(struct spi_device *spi)
{
	struct pyxis *px;
	int ret;

	px = devm_kzalloc(&spi->dev, sizeof(*px), GFP_KERNEL);
	if (!px)
		return -ENOMEM;

	px->spi = spi;
	spi_set_drvdata(spi, px);

	ret = pyxis_input_init(px);
	if (ret)
		return ret;

	ret = pyxis_poll_start(px);
	if (ret)
		return ret;

	ret = devm_device_add_group(&spi->dev, &pyxis_group);
	if (ret)
		pyxis_poll_stop(px);

	return ret;
}

static void pyxis_remove(struct spi_device *spi)
{
	pyxis_poll_stop(spi_get_drvdata(spi));
}

static const struct spi_device_id pyxis_ids[] = {
	{ "pyxis-keys" },
	{ }
};
MODULE_DEVICE_TABLE(spi, pyxis_ids);

static struct spi_driver pyxis_driver = {
	.driver = { .name = "pyxis-keys" },
	.probe = pyxis_probe,
	.remove = pyxis_remove,
	.id_table = pyxis_ids,
};
module_spi_driver(pyxis_driver);

MODULE_DESCRIPTION("Pyxis key matrix");
MODULE_LICENSE("GPL");
