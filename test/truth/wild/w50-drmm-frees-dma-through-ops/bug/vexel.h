/* SPDX-License-Identifier: MIT */
#ifndef VEXEL_H
#define VEXEL_H

#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>

#define VEXEL_RINGS		2
#define VEXEL_RING_BYTES	SZ_16K
#define VEXEL_REG_BASE(i)	(0x40 + (i) * 0x10)

struct vexel_ring;

struct vexel_mem_ops {
	int (*get)(struct vexel_ring *ring);
	void (*put)(struct vexel_ring *ring);
};

struct vexel_ring {
	struct vexel_device *vex;
	const struct vexel_mem_ops *mem;
	void *cpu;
	dma_addr_t dma;
	unsigned int id;
};

struct vexel_device {
	struct drm_device drm;
	void __iomem *regs;
	struct mutex submit_lock;
	struct vexel_ring ring[VEXEL_RINGS];
};

#define to_vexel(d) container_of(d, struct vexel_device, drm)

int vexel_mmu_setup(struct vexel_device *vex);

#endif
