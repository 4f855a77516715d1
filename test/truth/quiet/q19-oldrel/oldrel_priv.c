// SPDX-License-Identifier: MIT
#include <linux/slab.h>

#include "oldrel.h"

struct oldrel *oldrel_priv_alloc(void)
{
	struct oldrel *old;

	old = kzalloc(sizeof(*old), GFP_KERNEL);
	if (!old)
		return NULL;

	old->stat = kcalloc(OLDREL_NR_STAT, sizeof(*old->stat), GFP_KERNEL);
	if (!old->stat) {
		kfree(old);
		return NULL;
	}

	mutex_init(&old->lock);
	return old;
}

void oldrel_priv_free(struct oldrel *old)
{
	if (!old)
		return;

	mutex_destroy(&old->lock);
	kfree(old->stat);
	kfree(old);
}

void oldrel_stat_sample(struct oldrel *old)
{
	unsigned int i;

	mutex_lock(&old->lock);
	for (i = 0; i < OLDREL_NR_STAT; i++)
		old->stat[i] = readl(old->regs + OLDREL_STAT(i));
	mutex_unlock(&old->lock);
}

u32 oldrel_stat_get(struct oldrel *old, unsigned int n)
{
	u32 val;

	mutex_lock(&old->lock);
	val = old->stat[n];
	mutex_unlock(&old->lock);

	return val;
}
