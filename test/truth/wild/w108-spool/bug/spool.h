/* SPDX-License-Identifier: MIT */
#ifndef __SPOOL_H__
#define __SPOOL_H__

#include <linux/list.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>
#include <drm/drm_mm.h>

struct dma_chan;

struct spool_copy {
	struct dma_chan *chan;
	void *bounce;
	dma_addr_t bounce_dma;
};

struct spool {
	struct drm_device drm;
	phys_addr_t vram;
	size_t vram_size;
	struct mutex lock;		/* mm, resident list, copy engine */
	struct drm_mm mm;
	struct list_head resident;
	struct spool_copy copy;
};

struct spool_bo {
	struct drm_gem_object base;
	struct drm_mm_node node;
	struct list_head link;
	void *sysmem;
};

#define to_spool(d)	container_of(d, struct spool, drm)
#define to_spool_bo(o)	container_of(o, struct spool_bo, base)

int spool_copy_init(struct spool *sp);
void spool_copy_fini(struct spool *sp);
int spool_copy_from_vram(struct spool *sp, void *dst, phys_addr_t src, size_t len);

int spool_vram_init(struct spool *sp);
void spool_vram_evict_all(struct spool *sp);
int spool_bo_create(struct spool *sp, size_t size, struct spool_bo **out);

#endif
