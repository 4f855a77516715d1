/* SPDX-License-Identifier: MIT */
#ifndef __ORPHAN_H__
#define __ORPHAN_H__

#include <linux/list.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>

struct orphan_slots;

struct orphan {
	struct drm_device drm;
	struct mutex lock;		/* slots, bos */
	struct list_head bos;
	struct orphan_slots *slots;
	void __iomem *regs;
};

struct orphan_bo {
	struct drm_gem_object base;
	struct orphan_slots *slots;	/* NULL once the device is gone */
	struct list_head link;
	unsigned int slot;
};

#define to_orphan(d)	container_of(d, struct orphan, drm)
#define to_orphan_bo(o)	container_of(o, struct orphan_bo, base)

int orphan_slots_init(struct orphan *orp);
struct orphan_bo *orphan_bo_create(struct orphan *orp, size_t size);

#endif
