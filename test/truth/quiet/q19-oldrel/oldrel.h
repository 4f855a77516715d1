/* SPDX-License-Identifier: MIT */
#ifndef __OLDREL_H__
#define __OLDREL_H__

#include <linux/io.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>

#define OLDREL_NR_STAT	16
#define OLDREL_STAT(n)	(0x100 + (n) * 4)

struct oldrel {
	void __iomem *regs;
	struct mutex lock;		/* stat */
	u32 *stat;
};

static inline struct oldrel *to_oldrel(struct drm_device *drm)
{
	return drm->dev_private;
}

struct oldrel *oldrel_priv_alloc(void);
void oldrel_priv_free(struct oldrel *old);
void oldrel_stat_sample(struct oldrel *old);
u32 oldrel_stat_get(struct oldrel *old, unsigned int n);

#endif
