// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/io.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

#include "tessel.h"

#define TESSEL_CFG		0x00
#define TESSEL_CFG_NCTX		GENMASK(7, 0)
#define TESSEL_CTX_EN(n)	(0x200 + (n) * 0x10)

static void tessel_ctx_hw_enable(struct tessel_device *tdev, int slot, bool on)
{
	int idx;

	if (!drm_dev_enter(&tdev->drm, &idx))
		return;

	writel(on, tdev->regs + TESSEL_CTX_EN(slot));
	drm_dev_exit(idx);
}

int tessel_ctx_pool_init(struct tessel_device *tdev)
{
	struct tessel_ctx_pool *pool;
	int ret;

	pool = drmm_kzalloc(&tdev->drm, sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return -ENOMEM;

	ret = drmm_mutex_init(&tdev->drm, &pool->lock);
	if (ret)
		return ret;

	pool->nr_hw = readl(tdev->regs + TESSEL_CFG) & TESSEL_CFG_NCTX;
	pool->nr_hw = clamp(pool->nr_hw, 1U, (unsigned int)TESSEL_MAX_CTX);
	tdev->ctxs = pool;

	return 0;
}

int tessel_ctx_get(struct tessel_device *tdev, u32 prio)
{
	struct tessel_ctx_pool *pool = tdev->ctxs;
	unsigned int slot;

	mutex_lock(&pool->lock);
	slot = find_first_zero_bit(pool->used, pool->nr_hw);
	if (slot >= pool->nr_hw) {
		mutex_unlock(&pool->lock);
		return -EBUSY;
	}
	__set_bit(slot, pool->used);
	pool->prio[slot] = prio;
	mutex_unlock(&pool->lock);

	tessel_ctx_hw_enable(tdev, slot, true);
	return slot;
}

void tessel_ctx_put(struct tessel_device *tdev, int slot)
{
	struct tessel_ctx_pool *pool = tdev->ctxs;

	tessel_ctx_hw_enable(tdev, slot, false);

	mutex_lock(&pool->lock);
	pool->prio[slot] = 0;
	__clear_bit(slot, pool->used);
	mutex_unlock(&pool->lock);
}
