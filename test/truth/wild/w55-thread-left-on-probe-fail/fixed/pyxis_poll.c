// SPDX-License-Identifier: MIT
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>

#include "pyxis.h"

static void pyxis_scan(struct pyxis *px)
{
	unsigned int bit;

	if (spi_read(px->spi, px->rx, 1))
		return;

	for (bit = 0; bit < 8; bit++)
		input_report_key(px->input, BTN_0 + bit, px->rx[0] & BIT(bit));
	input_sync(px->input);
}

static int pyxis_thread(void *data)
{
	struct pyxis *px = data;

	while (!kthread_should_stop()) {
		pyxis_scan(px);
		msleep_interruptible(20);
	}

	return 0;
}

int pyxis_poll_start(struct pyxis *px)
{
	px->poller = kthread_run(pyxis_thread, px, "pyxis/%s", dev_name(&px->spi->dev));

	return PTR_ERR_OR_ZERO(px->poller);
}

void pyxis_poll_stop(struct pyxis *px)
{
	kthread_stop(px->poller);
}
