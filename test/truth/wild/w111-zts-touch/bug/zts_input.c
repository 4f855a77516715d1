// SPDX-License-Identifier: MIT
#include <linux/device.h>

#include "zts.h"

#define ZTS_MAX_X	1023
#define ZTS_MAX_Y	599

int zts_input_setup(struct zts *ts)
{
	struct device *dev = &ts->client->dev;
	struct input_dev *input;

	input = devm_input_allocate_device(dev);
	if (!input)
		return -ENOMEM;

	input->name = "ZTS Touchscreen";
	input->id.bustype = BUS_I2C;
	input_set_capability(input, EV_KEY, BTN_TOUCH);
	input_set_abs_params(input, ABS_X, 0, ZTS_MAX_X, 0, 0);
	input_set_abs_params(input, ABS_Y, 0, ZTS_MAX_Y, 0, 0);
	ts->input = input;

	return input_register_device(input);
}

void zts_input_report(struct zts *ts, const struct zts_point *pt)
{
	bool down = pt->flags & ZTS_FLAG_DOWN;

	input_report_key(ts->input, BTN_TOUCH, down);
	if (down) {
		input_report_abs(ts->input, ABS_X, (pt->xh << 8) | pt->xl);
		input_report_abs(ts->input, ABS_Y, (pt->yh << 8) | pt->yl);
	}
	input_sync(ts->input);
}
