/* SPDX-License-Identifier: MIT */
#ifndef __LCX_H__
#define __LCX_H__

#include <linux/io.h>
#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_modes.h>
#include <drm/drm_simple_kms_helper.h>

struct lcx_panel_desc {
	struct drm_display_mode mode;
	u32 bus_cfg;
};

struct lcx_device {
	struct drm_device drm;
	struct drm_simple_display_pipe pipe;
	void __iomem *regs;
};

struct lcx_output {
	struct drm_connector connector;
	const struct lcx_panel_desc *desc;
	struct lcx_device *lcx;
};

#define to_lcx(d)	container_of(d, struct lcx_device, drm)
#define to_lcx_output(c) container_of(c, struct lcx_output, connector)

void *lcx_zalloc(struct lcx_device *lcx, size_t size);
struct lcx_output *lcx_output_create(struct lcx_device *lcx,
				     const struct lcx_panel_desc *desc);
int lcx_pipe_create(struct lcx_device *lcx, struct lcx_output *out);

#endif
