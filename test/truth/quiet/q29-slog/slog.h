/* SPDX-License-Identifier: MIT */
#ifndef _SLOG_H_
#define _SLOG_H_

#include <linux/atomic.h>
#include <linux/spi/spi.h>
#include <linux/workqueue.h>

#define SLOG_BUF_LEN	256
#define SLOG_CMD_LEVEL	0x81
#define SLOG_CMD_DRAIN	0x82

struct slog {
	struct spi_device *spi;
	struct workqueue_struct *wq;
	struct work_struct drain;
	atomic_t bytes;
	u8 *buf;
};

void slog_drain(struct work_struct *work);

#endif
