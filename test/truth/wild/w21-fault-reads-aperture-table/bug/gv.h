#ifndef GV_H
#define GV_H

#include <linux/container_of.h>
#include <linux/pci.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>

struct drm_file;
struct drm_mode_create_dumb;
struct gv_bo;

/* Where the pages of an object come from. */
struct gv_backing {
	const char *name;
	struct page *(*lookup)(struct gv_bo *bo, pgoff_t index);
};

/* The pages that the bridge chip can reach. */
struct gv_aperture {
	unsigned int count;
	struct page **pages;
};

struct gv_device {
	struct drm_device drm;
	struct gv_aperture *aperture;
	void __iomem *mmio;
};

struct gv_bo {
	struct drm_gem_object base;
	const struct gv_backing *backing;
	unsigned int first;
};

#define to_gv(d)	container_of(d, struct gv_device, drm)
#define to_gv_bo(o)	container_of(o, struct gv_bo, base)

extern const struct gv_backing gv_aperture_backing;

int gv_aperture_init(struct gv_device *gv, struct device *dev);
int gv_dumb_create(struct drm_file *file, struct drm_device *drm,
		   struct drm_mode_create_dumb *args);

#endif
