/* SPDX-License-Identifier: MIT */
#ifndef BLIT_H
#define BLIT_H

#include <linux/container_of.h>
#include <linux/xarray.h>

#include <drm/drm_device.h>

struct drm_gem_shmem_object;

#define BLIT_REG_CONTROL	0x00
#define   BLIT_CONTROL_RUN	BIT(0)
#define BLIT_REG_FW_BASE	0x04

/**
 * struct blit_device - one blitter
 * @drm: base class, lives until the last drm_dev_put()
 * @regs: registers, mapped while the device is bound
 * @jobs: jobs of open files by id
 * @fw: firmware, read by the hardware
 */
struct blit_device {
	struct drm_device drm;
	void __iomem *regs;
	struct xarray jobs;
	struct drm_gem_shmem_object *fw;
};

int blit_fw_init(struct blit_device *blit);

#endif
