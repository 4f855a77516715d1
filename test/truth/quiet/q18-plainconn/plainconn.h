/* SPDX-License-Identifier: MIT */
#ifndef __PLAINCONN_H__
#define __PLAINCONN_H__

#include <linux/io.h>
#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_modes.h>
#include <drm/drm_simple_kms_helper.h>

struct pc_device {
	struct drm_device drm;
	struct drm_simple_display_pipe pipe;
	void __iomem *regs;
};

struct pc_connector {
	struct drm_connector base;
	struct drm_display_mode mode;
};

#define to_pc(d)		container_of(d, struct pc_device, drm)
#define to_pc_connector(c)	container_of(c, struct pc_connector, base)

struct drm_connector *pc_connector_create(struct drm_device *drm,
					  const struct drm_display_mode *mode);

#endif
