#ifndef SQ_H
#define SQ_H

#include <linux/types.h>
#include <drm/drm_device.h>

#define SQ_NUM_DOMAINS	2

struct reset_control;

struct sq_device {
	struct drm_device drm;
	struct device *dev;
	void __iomem *regs;
	struct reset_control *reset;
	struct device *domains[SQ_NUM_DOMAINS];
};

static inline struct sq_device *to_sq(struct drm_device *drm)
{
	return container_of(drm, struct sq_device, drm);
}

int sq_power_init(struct sq_device *sq);

#endif
