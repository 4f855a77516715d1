// SPDX-License-Identifier: MIT
#include <linux/slab.h>
#include <drm/drm_drv.h>

#include "qorba.h"

#define QORBA_CTX_EN(n)		(0x100 + 4 * (n))
#define qorba_wr(ctx, val)	writel((val), (ctx)->qdev->mmio + QORBA_CTX_EN((ctx)->id))

static void qorba_slot_enable(struct qorba_ctx *ctx)
{
	qorba_wr(ctx, 1);
}

static void qorba_slot_disable(struct qorba_ctx *ctx)
{
	qorba_wr(ctx, 0);
}

static const struct qorba_ctx_ops qorba_slot_ops = {
	.enable = qorba_slot_enable,
	.disable = qorba_slot_disable,
};

static void qorba_ctx_destroy(struct qorba_ctx *ctx)
{
	int idx;

	if (drm_dev_enter(&ctx->qdev->drm, &idx)) {
		ctx->ops->disable(ctx);
		drm_dev_exit(idx);
	}
	ida_free(&ctx->qdev->ctx_ids, ctx->id);
	kfree(ctx);
}

int qorba_ctx_open(struct drm_device *drm, struct drm_file *file)
{
	struct qorba_device *qdev = to_qorba(drm);
	struct qorba_ctx *ctx;
	int idx, ret;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx) {
		ret = -ENOMEM;
		goto out;
	}

	ret = ida_alloc_max(&qdev->ctx_ids, QORBA_MAX_CTX - 1, GFP_KERNEL);
	if (ret < 0) {
		kfree(ctx);
		goto out;
	}

	ctx->qdev = qdev;
	ctx->id = ret;
	ctx->ops = &qorba_slot_ops;
	ctx->ops->enable(ctx);
	file->driver_priv = ctx;
	ret = 0;
out:
	drm_dev_exit(idx);
	return ret;
}

void qorba_ctx_close(struct drm_device *drm, struct drm_file *file)
{
	struct qorba_ctx *ctx = file->driver_priv;

	qorba_ctx_destroy(ctx);
}
