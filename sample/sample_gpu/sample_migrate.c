// SPDX-License-Identifier: MIT

#include <linux/err.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <drm/drm_managed.h>

#include "sample_bo.h"
#include "sample_device.h"
#include "sample_migrate.h"

#define SAMPLE_PT_SIZE		SZ_64K
#define SAMPLE_PTE_VALID	BIT_ULL(0)

/**
 * struct sample_migrate - the context that moves buffer objects
 * @sdev: the device
 * @pt_bo: page tables of the context, read by the hardware
 * @job_lock: one job at a time
 */
struct sample_migrate {
	struct sample_device *sdev;
	struct sample_bo *pt_bo;
	struct mutex job_lock;
};

static void sample_migrate_release_tables(struct sample_migrate *m)
{
	sample_bo_unpin_put(m->pt_bo);
	m->pt_bo = NULL;
}

static void sample_migrate_fini(struct drm_device *drm, void *arg)
{
	struct sample_migrate *m = arg;

	sample_migrate_release_tables(m);
	mutex_destroy(&m->job_lock);
}

static int sample_migrate_prepare_tables(struct sample_migrate *m)
{
	struct sample_bo *bo;
	u64 base;

	bo = sample_bo_create_pinned(m->sdev, SAMPLE_PT_SIZE);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	m->pt_bo = bo;

	/* The first entry points at the tables themselves. */
	base = sample_bo_dma_address(bo);
	iosys_map_memset(&bo->map, 0, 0, SAMPLE_PT_SIZE);
	iosys_map_wr(&bo->map, 0, u64, base | SAMPLE_PTE_VALID);
	writeq(base, m->sdev->regs + SAMPLE_REG_PT_BASE);

	return 0;
}

/**
 * sample_migrate_init - set up the migration context
 * @sdev: the device
 */
struct sample_migrate *sample_migrate_init(struct sample_device *sdev)
{
	struct sample_migrate *m;
	int err;

	m = drmm_kzalloc(&sdev->drm, sizeof(*m), GFP_KERNEL);
	if (!m)
		return ERR_PTR(-ENOMEM);

	m->sdev = sdev;
	mutex_init(&m->job_lock);

	err = sample_migrate_prepare_tables(m);
	if (err)
		return ERR_PTR(err);

	err = drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m);
	if (err)
		return ERR_PTR(err);

	return m;
}
