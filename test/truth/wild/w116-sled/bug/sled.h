/* SPDX-License-Identifier: MIT */
#ifndef _SLED_H_
#define _SLED_H_

#include <linux/leds.h>
#include <linux/mutex.h>
#include <linux/spi/spi.h>

#define SLED_CHANNELS	8
#define SLED_FRAME_LEN	(SLED_CHANNELS + 2)

struct sled;

struct sled_channel {
	struct led_classdev cdev;
	struct sled *sled;
	u8 index;
};

struct sled {
	struct spi_device *spi;
	struct mutex lock;	/* protects frame */
	u8 *frame;
	struct sled_channel ch[SLED_CHANNELS];
};

int sled_write_channel(struct sled *sled, u8 index, u8 level);

#endif
