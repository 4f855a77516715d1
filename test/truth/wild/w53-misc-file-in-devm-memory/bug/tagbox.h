/* SPDX-License-Identifier: MIT */
#ifndef TAGBOX_H
#define TAGBOX_H

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spi/spi.h>

#define TAGBOX_FRAME	32

struct tagbox {
	struct miscdevice misc;
	struct mutex lock;		/* protects spi and frame */
	struct spi_device *spi;		/* NULL once unbound */
	u8 frame[TAGBOX_FRAME] ____cacheline_aligned;
};

int tagbox_chr_add(struct tagbox *tb, struct device *parent);
void tagbox_chr_del(struct tagbox *tb);

#endif
