// SPDX-License-Identifier: MIT
#include <linux/iio/iio.h>
#include <linux/module.h>

#include "okuloi.h"

#define OKULOI_REG_DATA	0x10

#define OKULOI_CHANNEL(n) {					\
	.type = IIO_INTENSITY,					\
	.indexed = 1,						\
	.channel = (n),						\
	.address = OKULOI_REG_DATA + (n),			\
	.info_mask_separate = BIT(IIO_CHAN_INFO_RAW) |		\
			      BIT(IIO_CHAN_INFO_CALIBBIAS),	\
}

static const struct iio_chan_spec okuloi_channels[] = {
	OKULOI_CHANNEL(0),
	OKULOI_CHANNEL(1),
};

static int okuloi_read_raw(struct iio_dev *indio_dev, struct iio_chan_spec const *chan,
			   int *val, int *val2, long mask)
{
	struct okuloi *st = iio_priv(indio_dev);
	int ret;

	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		mutex_lock(&st->lock);
		ret = i2c_smbus_read_byte_data(st->client, chan->address);
		mutex_unlock(&st->lock);
		if (ret < 0)
			return ret;
		*val = ret;
		return IIO_VAL_INT;
	case IIO_CHAN_INFO_CALIBBIAS:
		*val = st->cal[chan->channel];
		return IIO_VAL_INT;
	default:
		return -EINVAL;
	}
}

static const struct iio_info okuloi_info = {
	.read_raw = okuloi_read_raw,
};

static void okuloi_stop(void *data)
{
	struct okuloi *st = data;

	st->variant->stop(st);
}

static int okuloi_probe(struct i2c_client *client)
{
	struct iio_dev *indio_dev;
	struct okuloi *st;
	int ret;

	indio_dev = devm_iio_device_alloc(&client->dev, sizeof(*st));
	if (!indio_dev)
		return -ENOMEM;

	st = iio_priv(indio_dev);
	st->client = client;
	st->variant = &okuloi_v1;
	mutex_init(&st->lock);

	st->vdd = devm_regulator_get(&client->dev, "vdd");
	if (IS_ERR(st->vdd))
		return PTR_ERR(st->vdd);

	ret = st->variant->start(st);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(&client->dev, okuloi_stop, st);
	if (ret)
		return ret;

	indio_dev->name = st->variant->name;
	indio_dev->info = &okuloi_info;
	indio_dev->channels = okuloi_channels;
	indio_dev->num_channels = ARRAY_SIZE(okuloi_channels);
	indio_dev->modes = INDIO_DIRECT_MODE;

	return devm_iio_device_register(&client->dev, indio_dev);
}

static const struct i2c_device_id okuloi_ids[] = {
	{ "okuloi" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, okuloi_ids);

static struct i2c_driver okuloi_driver = {
	.driver = { .name = "okuloi" },
	.probe = okuloi_probe,
	.id_table = okuloi_ids,
};
module_i2c_driver(okuloi_driver);

MODULE_DESCRIPTION("Okuloi light intensity sensor");
MODULE_LICENSE("GPL");
