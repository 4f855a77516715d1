/* SPDX-License-Identifier: MIT */
#ifndef __FAPEX_H__
#define __FAPEX_H__

#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>
#include <drm/drm_mm.h>

struct drm_mode_create_dumb;

struct fapex_aper {
	phys_addr_t phys;
	resource_size_t size;
	void __iomem *map;
	bool wc;
};

struct fapex_device {
	struct drm_device drm;
	struct fapex_aper *aper;
	struct mutex mm_lock;
	struct drm_mm mm;
};

struct fapex_bo {
	struct drm_gem_object base;
	struct drm_mm_node node;
};

#define to_fapex(d)	container_of(d, struct fapex_device, drm)
#define to_fapex_bo(o)	container_of(o, struct fapex_bo, base)

int fapex_mm_init(struct fapex_device *fdev);
int fapex_dumb_create(struct drm_file *file, struct drm_device *drm,
		      struct drm_mode_create_dumb *args);

#endif
