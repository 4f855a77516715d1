/* SPDX-License-Identifier: MIT */
#ifndef SAMPLE_DEVICE_H
#define SAMPLE_DEVICE_H

#include <linux/container_of.h>
#include <linux/xarray.h>

#include <drm/drm_device.h>
#include <drm/ttm/ttm_device.h>

struct sample_migrate;

#define SAMPLE_REG_CONTROL	0x00
#define   SAMPLE_CONTROL_RUN	BIT(0)
#define SAMPLE_REG_PT_BASE	0x08
#define SAMPLE_REG_IRQ_STATUS	0x10

/**
 * struct sample_device - one GPU
 * @drm: base class, lives until the last drm_dev_put()
 * @ttm: memory manager of the buffer objects
 * @regs: registers, mapped while the device is bound
 * @contexts: user contexts by id
 * @migrate: moves buffer objects
 */
struct sample_device {
	struct drm_device drm;
	struct ttm_device ttm;
	void __iomem *regs;
	struct xarray contexts;
	struct sample_migrate *migrate;
};

static inline struct sample_device *to_sample_device(struct drm_device *drm)
{
	return container_of(drm, struct sample_device, drm);
}

int sample_ttm_init(struct sample_device *sdev);

#endif
