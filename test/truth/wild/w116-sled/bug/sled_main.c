// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "sled.h"

static int sled_brightness_set(struct led_classdev *cdev,
			       enum led_brightness value)
{
	struct sled_channel *ch = container_of(cdev, struct sled_channel, cdev);

	return sled_write_channel(ch->sled, ch->index, value);
}

static int sled_add_channel(struct sled *sled, u8 index)
{
	struct sled_channel *ch = &sled->ch[index];
	struct device *dev = &sled->spi->dev;

	ch->sled = sled;
	ch->index = index;
	ch->cdev.name = devm_kasprintf(dev, GFP_KERNEL, "%s:%u",
				       dev_name(dev), index);
	if (!ch->cdev.name)
		return -ENOMEM;

	ch->cdev.max_brightness = 255;
	ch->cdev.brightness_set_blocking = sled_brightness_set;

	return devm_led_classdev_register(dev, &ch->cdev);
}

static int sled_probe(struct spi_device *spi)
{
	struct sled *sled;
	u8 i;
	int ret;

	sled = devm_kzalloc(&spi->dev, sizeof(*sled), GFP_KERNEL);
	if (!sled)
		return -ENOMEM;

	sled->spi = spi;
	mutex_init(&sled->lock);
	spi_set_drvdata(spi, sled);

	/* spi_write() wants memory fit for DMA */
	sled->frame = kzalloc(SLED_FRAME_LEN, GFP_KERNEL);
	if (!sled->frame)
		return -ENOMEM;

	for (i = 0; i < SLED_CHANNELS; i++) {
		ret = sled_add_channel(sled, i);
		if (ret)
			goto err_free;
	}

	return 0;

err_free:
	kfree(sled->frame);
	return dev_err_probe(&spi->dev, ret, "cannot add channel %u\n", i);
}

static void sled_remove(struct spi_device *spi)
{
	struct sled *sled = spi_get_drvdata(spi);

	kfree(sled->frame);
}

static const struct spi_device_id sled_id[] = {
	{ "sled8" },
	{ }
};
MODULE_DEVICE_TABLE(spi, sled_id);

static const struct of_device_id sled_of_match[] = {
	{ .compatible = "acme,sled8" },
	{ }
};
MODULE_DEVICE_TABLE(of, sled_of_match);

static struct spi_driver sled_driver = {
	.driver = {
		.name = "sled",
		.of_match_table = sled_of_match,
	},
	.probe = sled_probe,
	.remove = sled_remove,
	.id_table = sled_id,
};
module_spi_driver(sled_driver);

MODULE_DESCRIPTION("SPI LED chain");
MODULE_LICENSE("GPL");
