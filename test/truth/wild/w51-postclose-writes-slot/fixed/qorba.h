/* SPDX-License-Identifier: MIT */
#ifndef QORBA_H
#define QORBA_H

#include <linux/idr.h>
#include <linux/io.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>

#define QORBA_MAX_CTX	16

struct qorba_device {
	struct drm_device drm;
	struct ida ctx_ids;
	void __iomem *mmio;
};

struct qorba_ctx;

struct qorba_ctx_ops {
	void (*enable)(struct qorba_ctx *ctx);
	void (*disable)(struct qorba_ctx *ctx);
};

struct qorba_ctx {
	struct qorba_device *qdev;
	const struct qorba_ctx_ops *ops;
	int id;
};

#define to_qorba(d) container_of(d, struct qorba_device, drm)

int qorba_ctx_open(struct drm_device *drm, struct drm_file *file);
void qorba_ctx_close(struct drm_device *drm, struct drm_file *file);

#endif
