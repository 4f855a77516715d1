/* SPDX-License-Identifier: MIT */
#ifndef PYXIS_H
#define PYXIS_H

#include <linux/input.h>
#include <linux/spi/spi.h>

struct task_struct;

struct pyxis {
	struct spi_device *spi;
	struct input_dev *input;
	struct task_struct *poller;
	u8 rx[4] ____cacheline_aligned;
};

int pyxis_poll_start(struct pyxis *px);
void pyxis_poll_stop(struct pyxis *px);

#endif
