/* SPDX-License-Identifier: MIT */
#ifndef __OCRAM_H__
#define __OCRAM_H__

#include <linux/genalloc.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

struct drm_ocram_create {
	__u64 size;
	__u32 handle;
	__u32 offset;
};

#define DRM_OCRAM_CREATE	0x00
#define DRM_IOCTL_OCRAM_CREATE	DRM_IOWR(DRM_COMMAND_BASE + DRM_OCRAM_CREATE, struct drm_ocram_create)

#define OCRAM_MIN_ORDER		8

struct ocram_device {
	struct drm_device drm;
	phys_addr_t base;
	size_t size;
	struct gen_pool *pool;
};

struct ocram_bo {
	struct drm_gem_object base;
	unsigned long addr;
	size_t len;
};

#define to_ocram(d)	container_of(d, struct ocram_device, drm)
#define to_ocram_bo(o)	container_of(o, struct ocram_bo, base)

int ocram_pool_init(struct ocram_device *odev);
struct ocram_bo *ocram_bo_create(struct ocram_device *odev, u64 size);

#endif
