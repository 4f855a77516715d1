// SPDX-License-Identifier: MIT

#include <linux/sizes.h>
#include <linux/slab.h>

#include <drm/drm_managed.h>
#include <drm/ttm/ttm_bo.h>
#include <drm/ttm/ttm_placement.h>
#include <drm/ttm/ttm_range_manager.h>
#include <drm/ttm/ttm_tt.h>

#include "sample_device.h"

#define SAMPLE_APERTURE_SIZE	SZ_1G

static struct ttm_tt *sample_tt_create(struct ttm_buffer_object *bo, uint32_t page_flags)
{
	struct ttm_tt *tt;

	tt = kzalloc(sizeof(*tt), GFP_KERNEL);
	if (!tt)
		return NULL;

	if (ttm_tt_init(tt, bo, page_flags, ttm_cached, 0)) {
		kfree(tt);
		return NULL;
	}

	return tt;
}

static void sample_tt_destroy(struct ttm_device *bdev, struct ttm_tt *tt)
{
	ttm_tt_fini(tt);
	kfree(tt);
}

static void sample_evict_flags(struct ttm_buffer_object *bo, struct ttm_placement *placement)
{
	static const struct ttm_place place = { .mem_type = TTM_PL_SYSTEM };

	placement->num_placement = 1;
	placement->placement = &place;
}

/* All memory is system memory, so that nothing has to be copied. */
static int sample_bo_move(struct ttm_buffer_object *bo, bool evict,
			  struct ttm_operation_ctx *ctx, struct ttm_resource *new_mem,
			  struct ttm_place *hop)
{
	ttm_bo_move_null(bo, new_mem);

	return 0;
}

static const struct ttm_device_funcs sample_ttm_funcs = {
	.ttm_tt_create = sample_tt_create,
	.ttm_tt_destroy = sample_tt_destroy,
	.eviction_valuable = ttm_bo_eviction_valuable,
	.evict_flags = sample_evict_flags,
	.move = sample_bo_move,
};

/* Right as a drmm action: buffer objects of open files live until the last put. */
static void sample_ttm_fini(struct drm_device *drm, void *arg)
{
	struct sample_device *sdev = arg;

	ttm_range_man_fini(&sdev->ttm, TTM_PL_TT);
	ttm_device_fini(&sdev->ttm);
}

int sample_ttm_init(struct sample_device *sdev)
{
	struct drm_device *drm = &sdev->drm;
	int err;

	err = ttm_device_init(&sdev->ttm, &sample_ttm_funcs, drm->dev,
			      drm->anon_inode->i_mapping, drm->vma_offset_manager,
			      false, false);
	if (err)
		return err;

	err = ttm_range_man_init(&sdev->ttm, TTM_PL_TT, true,
				 SAMPLE_APERTURE_SIZE >> PAGE_SHIFT);
	if (err) {
		ttm_device_fini(&sdev->ttm);
		return err;
	}

	return drmm_add_action_or_reset(drm, sample_ttm_fini, sdev);
}
