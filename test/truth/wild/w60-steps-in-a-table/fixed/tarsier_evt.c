// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "tarsier.h"

static void tarsier_emit(struct tarsier *ts, const struct tarsier_report *rep)
{
	if (!rep->count) {
		input_report_key(ts->input, BTN_TOUCH, 0);
	} else {
		input_report_key(ts->input, BTN_TOUCH, 1);
		input_report_abs(ts->input, ABS_X, le16_to_cpu(rep->pt[0].x));
		input_report_abs(ts->input, ABS_Y, le16_to_cpu(rep->pt[0].y));
	}
	input_sync(ts->input);
}

static irqreturn_t tarsier_irq(int irq, void *data)
{
	struct tarsier *ts = data;
	int ret;

	ret = i2c_smbus_read_i2c_block_data(ts->client, TARSIER_CMD_POINTS,
					    sizeof(*ts->report), (u8 *)ts->report);
	if (ret != sizeof(*ts->report))
		return IRQ_HANDLED;

	tarsier_emit(ts, ts->report);
	return IRQ_HANDLED;
}

int tarsier_events_attach(struct tarsier *ts)
{
	/* the chip may raise the line before it was asked for its size */
	return devm_request_threaded_irq(&ts->client->dev, ts->client->irq, NULL, tarsier_irq,
					 IRQF_ONESHOT | IRQF_NO_AUTOEN, "tarsier", ts);
}

int tarsier_report_alloc(struct tarsier *ts)
{
	ts->report = devm_kzalloc(&ts->client->dev, sizeof(*ts->report), GFP_KERNEL);

	return ts->report ? 0 : -ENOMEM;
}
