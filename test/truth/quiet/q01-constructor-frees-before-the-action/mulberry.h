/* SPDX-License-Identifier: MIT */
#ifndef MULBERRY_H
#define MULBERRY_H

#include <linux/types.h>
#include <drm/drm_device.h>

struct mulberry_ring {
	struct device *dev;
	u32 *shadow;
	__le64 *desc;
	dma_addr_t dma;
	unsigned int depth;
};

struct mulberry {
	struct drm_device drm;
	void __iomem *regs;
	struct mulberry_ring *submit;
	struct mulberry_ring *event;
	u32 *scratch;
};

#define to_mulberry(d) container_of(d, struct mulberry, drm)

struct mulberry_ring *mulberry_ring_create(struct device *dev, unsigned int depth);
int mulberry_scratch_init(struct mulberry *mb, size_t words);

#endif
