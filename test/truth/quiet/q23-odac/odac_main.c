// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/unaligned.h>

#include "odac.h"

static int odac_write(struct odac *st, u16 value)
{
	u8 cmd[3];
	int ret;

	cmd[0] = 0x30;
	put_unaligned_be16(value << (16 - ODAC_BITS), &cmd[1]);

	mutex_lock(&st->lock);
	ret = spi_write_then_read(st->spi, cmd, sizeof(cmd), NULL, 0);
	if (!ret)
		st->value = value;
	mutex_unlock(&st->lock);

	return ret;
}

static int odac_read_raw(struct iio_dev *indio_dev,
			 struct iio_chan_spec const *chan,
			 int *val, int *val2, long mask)
{
	struct odac *st = iio_priv(indio_dev);

	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		mutex_lock(&st->lock);
		*val = st->value;
		mutex_unlock(&st->lock);
		return IIO_VAL_INT;
	case IIO_CHAN_INFO_SCALE:
		*val = st->ref_mv;
		*val2 = ODAC_BITS;
		return IIO_VAL_FRACTIONAL_LOG2;
	default:
		return -EINVAL;
	}
}

static int odac_write_raw(struct iio_dev *indio_dev,
			  struct iio_chan_spec const *chan,
			  int val, int val2, long mask)
{
	if (mask != IIO_CHAN_INFO_RAW || val2 ||
	    val < 0 || val >= BIT(ODAC_BITS))
		return -EINVAL;

	return odac_write(iio_priv(indio_dev), val);
}

static const struct iio_info odac_info = {
	.read_raw = odac_read_raw,
	.write_raw = odac_write_raw,
};

static const struct iio_chan_spec odac_channels[] = {
	{
		.type = IIO_VOLTAGE,
		.output = 1,
		.indexed = 1,
		.info_mask_separate = BIT(IIO_CHAN_INFO_RAW) |
				      BIT(IIO_CHAN_INFO_SCALE),
	},
};

static int odac_probe(struct spi_device *spi)
{
	struct iio_dev *indio_dev;
	struct odac *st;
	int ret;

	indio_dev = devm_iio_device_alloc(&spi->dev, sizeof(*st));
	if (!indio_dev)
		return -ENOMEM;

	st = iio_priv(indio_dev);
	st->spi = spi;
	mutex_init(&st->lock);
	spi_set_drvdata(spi, indio_dev);

	ret = odac_ref_get(st);
	if (ret)
		return dev_err_probe(&spi->dev, ret, "no reference\n");

	indio_dev->name = "odac12";
	indio_dev->info = &odac_info;
	indio_dev->modes = INDIO_DIRECT_MODE;
	indio_dev->channels = odac_channels;
	indio_dev->num_channels = ARRAY_SIZE(odac_channels);

	ret = odac_write(st, 0);
	if (ret)
		goto err_ref;

	ret = iio_device_register(indio_dev);
	if (ret)
		goto err_ref;

	return 0;

err_ref:
	odac_ref_put(st);
	return ret;
}

static void odac_remove(struct spi_device *spi)
{
	struct iio_dev *indio_dev = spi_get_drvdata(spi);

	iio_device_unregister(indio_dev);
	odac_ref_put(iio_priv(indio_dev));
}

static const struct spi_device_id odac_id[] = {
	{ "odac12" },
	{ }
};
MODULE_DEVICE_TABLE(spi, odac_id);

static const struct of_device_id odac_of_match[] = {
	{ .compatible = "acme,odac12" },
	{ }
};
MODULE_DEVICE_TABLE(of, odac_of_match);

static struct spi_driver odac_driver = {
	.driver = {
		.name = "odac",
		.of_match_table = odac_of_match,
	},
	.probe = odac_probe,
	.remove = odac_remove,
	.id_table = odac_id,
};
module_spi_driver(odac_driver);

MODULE_DESCRIPTION("ODAC12 converter");
MODULE_LICENSE("GPL");
