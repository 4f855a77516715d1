/* SPDX-License-Identifier: MIT */
#ifndef _SFPHUB_H_
#define _SFPHUB_H_

#include <linux/i2c.h>
#include <linux/workqueue.h>

#define SFPHUB_REG_PRESENT	0x00
#define SFPHUB_PORTS		8
#define SFPHUB_POLL_MS		500

struct sfphub {
	struct i2c_client *client;
	struct delayed_work poll;
	u8 present;
};

extern struct workqueue_struct *sfphub_wq;

void sfphub_poll(struct work_struct *work);
void sfphub_poll_start(struct sfphub *hub);
void sfphub_poll_stop(struct sfphub *hub);

#endif
