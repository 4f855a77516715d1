// SPDX-License-Identifier: MIT
#include <linux/delay.h>
#include <linux/slab.h>

#include "okuloi.h"

#define OKULOI_REG_CAL	0x40

static int okuloi_load_cal(struct okuloi *st)
{
	unsigned int n;
	int ret;

	st->cal = kcalloc(st->variant->cal_len, sizeof(*st->cal), GFP_KERNEL);
	if (!st->cal)
		return -ENOMEM;

	for (n = 0; n < st->variant->cal_len; n++) {
		ret = i2c_smbus_read_byte_data(st->client, OKULOI_REG_CAL + n);
		if (ret < 0) {
			kfree(st->cal);
			return ret;
		}
		st->cal[n] = ret;
	}

	return 0;
}

static int okuloi_v1_start(struct okuloi *st)
{
	int ret;

	ret = regulator_enable(st->vdd);
	if (ret)
		return ret;

	usleep_range(2000, 3000);

	ret = okuloi_load_cal(st);
	if (ret)
		regulator_disable(st->vdd);

	return ret;
}

static void okuloi_v1_stop(struct okuloi *st)
{
	kfree(st->cal);
	regulator_disable(st->vdd);
}

const struct okuloi_variant okuloi_v1 = {
	.name = "okuloi-v1",
	.cal_len = 8,
	.start = okuloi_v1_start,
	.stop = okuloi_v1_stop,
};
