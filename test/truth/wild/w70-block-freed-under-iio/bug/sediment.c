// SPDX-License-Identifier: MIT
/* Turbidity probe on SPI, a block of raw samples is averaged for each reading. */
#include <linux/iio/iio.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>

struct sediment;

struct sediment_chip {
	const char *name;
	unsigned int depth;
	int (*setup)(struct sediment *sed);
	void (*teardown)(struct sediment *sed);
};

struct sediment {
	struct spi_device *spi;
	const struct sediment_chip *chip;
	struct mutex lock;	/* one transfer at a time */
	__be16 *block;
};

static int sediment_block_setup(struct sediment *sed)
{
	sed->block = kcalloc(sed->chip->depth, sizeof(*sed->block), GFP_KERNEL);
	return sed->block ? 0 : -ENOMEM;
}

static int sediment_lamp_setup(struct sediment *sed)
{
	static const u8 lamp_on[] = { 0x80, 0x01 };
	int ret = sediment_block_setup(sed);

	if (ret)
		return ret;
	ret = spi_write_then_read(sed->spi, lamp_on, sizeof(lamp_on), NULL, 0);
	if (ret)
		kfree(sed->block);
	return ret;
}

static void sediment_block_teardown(struct sediment *sed)
{
	kfree(sed->block);
}

static void sediment_lamp_teardown(struct sediment *sed)
{
	static const u8 lamp_off[] = { 0x80, 0x00 };

	spi_write_then_read(sed->spi, lamp_off, sizeof(lamp_off), NULL, 0);
	sediment_block_teardown(sed);
}

static int sediment_average(struct sediment *sed, int *val)
{
	unsigned int i, sum = 0;
	int ret;

	guard(mutex)(&sed->lock);
	ret = spi_read(sed->spi, sed->block, sed->chip->depth * sizeof(*sed->block));
	if (ret)
		return ret;
	for (i = 0; i < sed->chip->depth; i++)
		sum += be16_to_cpu(sed->block[i]);
	*val = sum / sed->chip->depth;
	return IIO_VAL_INT;
}

static int sediment_read_raw(struct iio_dev *indio, struct iio_chan_spec const *chan,
			     int *val, int *val2, long mask)
{
	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		return sediment_average(iio_priv(indio), val);
	default:
		return -EINVAL;
	}
}

static const struct iio_info sediment_info = { .read_raw = sediment_read_raw };

static const struct iio_chan_spec sediment_channels[] = {
	{ .type = IIO_INTENSITY, .info_mask_separate = BIT(IIO_CHAN_INFO_RAW) },
};

static int sediment_probe(struct spi_device *spi)
{
	struct iio_dev *indio;
	struct sediment *sed;
	int ret;

	indio = devm_iio_device_alloc(&spi->dev, sizeof(*sed));
	if (!indio)
		return -ENOMEM;

	sed = iio_priv(indio);
	sed->spi = spi;
	sed->chip = spi_get_device_match_data(spi);
	if (!sed->chip)
		return -ENODEV;
	mutex_init(&sed->lock);
	spi_set_drvdata(spi, indio);

	indio->name = sed->chip->name;
	indio->info = &sediment_info;
	indio->channels = sediment_channels;
	indio->num_channels = ARRAY_SIZE(sediment_channels);
	indio->modes = INDIO_DIRECT_MODE;

	ret = sed->chip->setup(sed);
	if (ret)
		return ret;

	ret = devm_iio_device_register(&spi->dev, indio);
	if (ret)
		sed->chip->teardown(sed);
	return ret;
}

static void sediment_remove(struct spi_device *spi)
{
	struct iio_dev *indio = spi_get_drvdata(spi);
	struct sediment *sed = iio_priv(indio);

	sed->chip->teardown(sed);
}

static const struct sediment_chip sediment_plain = {
	.name = "sed100",
	.depth = 16,
	.setup = sediment_block_setup,
	.teardown = sediment_block_teardown,
};

static const struct sediment_chip sediment_lamp = {
	.name = "sed110",
	.depth = 64,
	.setup = sediment_lamp_setup,
	.teardown = sediment_lamp_teardown,
};

static const struct of_device_id sediment_of_match[] = {
	{ .compatible = "silt,sed100", .data = &sediment_plain },
	{ .compatible = "silt,sed110", .data = &sediment_lamp },
	{ }
};
MODULE_DEVICE_TABLE(of, sediment_of_match);

static const struct spi_device_id sediment_ids[] = {
	{ "sed100", (kernel_ulong_t)&sediment_plain },
	{ "sed110", (kernel_ulong_t)&sediment_lamp },
	{ }
};
MODULE_DEVICE_TABLE(spi, sediment_ids);

static struct spi_driver sediment_driver = {
	.driver = { .name = "sediment", .of_match_table = sediment_of_match },
	.id_table = sediment_ids,
	.probe = sediment_probe,
	.remove = sediment_remove,
};
module_spi_driver(sediment_driver);

MODULE_DESCRIPTION("Turbidity probe");
MODULE_LICENSE("GPL");
