// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_probe_helper.h>

#include "hotlane.h"

static int hl_detect_ctx(struct drm_connector *connector,
			 struct drm_modeset_acquire_ctx *ctx, bool force)
{
	struct hl_device *hl = to_hl(connector->dev);
	int idx, status = connector_status_disconnected;

	if (!drm_dev_enter(connector->dev, &idx))
		return status;
	if (readl(hl->regs + HL_SENSE) & HL_SENSE_ON)
		status = connector_status_connected;
	drm_dev_exit(idx);

	return status;
}

static int hl_get_modes(struct drm_connector *connector)
{
	return drm_add_modes_noedid(connector, 1920, 1080);
}

static const struct drm_connector_helper_funcs hl_connector_helpers = {
	.detect_ctx = hl_detect_ctx,
	.get_modes = hl_get_modes,
};

static const struct drm_connector_funcs hl_connector_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

static void hl_set_scanout(struct hl_device *hl, u32 val)
{
	int idx;

	if (!drm_dev_enter(&hl->drm, &idx))
		return;
	writel(val, hl->regs + HL_SCANOUT);
	drm_dev_exit(idx);
}

static void hl_pipe_enable(struct drm_simple_display_pipe *pipe,
			   struct drm_crtc_state *crtc_state,
			   struct drm_plane_state *plane_state)
{
	hl_set_scanout(to_hl(pipe->crtc.dev), 1);
}

static void hl_pipe_disable(struct drm_simple_display_pipe *pipe)
{
	hl_set_scanout(to_hl(pipe->crtc.dev), 0);
}

static const struct drm_simple_display_pipe_funcs hl_pipe_funcs = {
	.enable = hl_pipe_enable,
	.disable = hl_pipe_disable,
};

static const struct drm_mode_config_funcs hl_mode_funcs = {
	.fb_create = drm_gem_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static const u32 hl_formats[] = { DRM_FORMAT_XRGB8888, DRM_FORMAT_RGB565 };

int hl_kms_init(struct hl_device *hl)
{
	struct drm_device *drm = &hl->drm;
	int ret;

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;

	drm->mode_config.max_width = 4096;
	drm->mode_config.max_height = 4096;
	drm->mode_config.funcs = &hl_mode_funcs;

	ret = drmm_connector_init(drm, &hl->connector, &hl_connector_funcs,
				  DRM_MODE_CONNECTOR_HDMIA, NULL);
	if (ret)
		return ret;
	drm_connector_helper_add(&hl->connector, &hl_connector_helpers);
	hl->connector.polled = DRM_CONNECTOR_POLL_HPD;

	ret = drm_simple_display_pipe_init(drm, &hl->pipe, &hl_pipe_funcs, hl_formats,
					   ARRAY_SIZE(hl_formats), NULL, &hl->connector);
	if (ret)
		return ret;

	drm_mode_config_reset(drm);
	return 0;
}
