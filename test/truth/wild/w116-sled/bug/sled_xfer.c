// SPDX-License-Identifier: MIT
#include "sled.h"

#define SLED_SOF	0xa5

static u8 sled_checksum(const u8 *frame)
{
	u8 sum = 0;
	int i;

	for (i = 0; i < SLED_FRAME_LEN - 1; i++)
		sum += frame[i];

	return ~sum;
}

/* The chain is a shift register: all levels go out with each frame. */
int sled_write_channel(struct sled *sled, u8 index, u8 level)
{
	int ret;

	mutex_lock(&sled->lock);
	sled->frame[0] = SLED_SOF;
	sled->frame[1 + index] = level;
	sled->frame[SLED_FRAME_LEN - 1] = sled_checksum(sled->frame);
	ret = spi_write(sled->spi, sled->frame, SLED_FRAME_LEN);
	mutex_unlock(&sled->lock);

	return ret;
}
