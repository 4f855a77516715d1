/* SPDX-License-Identifier: MIT */
#ifndef SAMPLE_BO_H
#define SAMPLE_BO_H

#include <linux/iosys-map.h>

#include <drm/ttm/ttm_bo.h>

struct sample_device;

/**
 * struct sample_bo - a buffer object of the kernel's own
 * @ttm: base class
 * @map: the kernel's mapping, valid while pinned
 */
struct sample_bo {
	struct ttm_buffer_object ttm;
	struct iosys_map map;
};

struct sample_bo *sample_bo_create_pinned(struct sample_device *sdev, size_t size);
void sample_bo_unpin_put(struct sample_bo *bo);
dma_addr_t sample_bo_dma_address(struct sample_bo *bo);

#endif
