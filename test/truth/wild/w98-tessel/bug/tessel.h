/* SPDX-License-Identifier: MIT */
#ifndef __TESSEL_H__
#define __TESSEL_H__

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>

#define TESSEL_MAX_CTX		32

struct tessel_ctx_pool {
	struct mutex lock;
	DECLARE_BITMAP(used, TESSEL_MAX_CTX);
	u32 prio[TESSEL_MAX_CTX];
	unsigned int nr_hw;
};

struct tessel_device {
	struct drm_device drm;
	void __iomem *regs;
	struct tessel_ctx_pool *ctxs;
};

struct tessel_file {
	struct tessel_device *tdev;
	int slot;
};

static inline struct tessel_device *to_tessel(struct drm_device *drm)
{
	return container_of(drm, struct tessel_device, drm);
}

int tessel_ctx_pool_init(struct tessel_device *tdev);
int tessel_ctx_get(struct tessel_device *tdev, u32 prio);
void tessel_ctx_put(struct tessel_device *tdev, int slot);

int tessel_open(struct drm_device *drm, struct drm_file *file);
void tessel_postclose(struct drm_device *drm, struct drm_file *file);

#endif
