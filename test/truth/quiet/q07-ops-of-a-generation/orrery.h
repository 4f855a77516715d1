/* SPDX-License-Identifier: MIT */
#ifndef ORRERY_H
#define ORRERY_H

#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/spi/spi.h>
#include <linux/workqueue.h>

#define ORRERY_REG_POS	0x01
#define ORRERY_REG_ACK	0x7f

struct orrery;

struct orrery_gen_ops {
	const char *name;
	int (*init)(struct orrery *orr);
	void (*fini)(struct orrery *orr);
	/* called by the common code when somebody reads the position */
	void (*poke)(struct orrery *orr);
};

struct orrery {
	struct spi_device *spi;
	const struct orrery_gen_ops *gen;
	struct mutex lock;	/* position */
	u16 position;
	/* generation 1 only */
	struct workqueue_struct *wq;
	struct delayed_work refresh;
	/* generation 2 only */
	u8 *burst;
};

extern const struct orrery_gen_ops orrery_gen1;
extern const struct orrery_gen_ops orrery_gen2;

static inline void orrery_update(struct orrery *orr, u16 position)
{
	mutex_lock(&orr->lock);
	orr->position = position;
	mutex_unlock(&orr->lock);
}

#endif
