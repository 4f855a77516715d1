/* SPDX-License-Identifier: MIT */
#ifndef LARDER_H
#define LARDER_H

#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_mm.h>

struct larder_alloc {
	__u64 size;
	__u32 handle;
	__u32 offset;
};

struct larder_heap {
	struct mutex lock;
	struct drm_mm mm;
};

struct larder {
	struct drm_device drm;
	void __iomem *regs;
	struct larder_heap *heap;
};

#define to_larder(d) container_of(d, struct larder, drm)

int larder_heap_init(struct larder *lar, u64 size);
int larder_heap_take(struct larder_heap *heap, struct drm_mm_node *node, u64 size);
void larder_heap_return(struct larder_heap *heap, struct drm_mm_node *node);

int larder_alloc_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

#endif
