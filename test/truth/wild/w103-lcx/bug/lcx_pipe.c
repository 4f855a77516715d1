// SPDX-License-Identifier: MIT
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>

#include "lcx.h"

#define LCX_CTRL	0x00
#define LCX_BUSCFG	0x04
#define LCX_PITCH	0x08

static void lcx_pipe_enable(struct drm_simple_display_pipe *pipe,
			    struct drm_crtc_state *crtc_state,
			    struct drm_plane_state *plane_state)
{
	struct lcx_device *lcx = to_lcx(pipe->crtc.dev);
	struct lcx_output *out = to_lcx_output(pipe->connector);
	int idx;

	if (!drm_dev_enter(&lcx->drm, &idx))
		return;

	writel(out->desc->bus_cfg, lcx->regs + LCX_BUSCFG);
	writel(plane_state->fb->pitches[0], lcx->regs + LCX_PITCH);
	writel(1, lcx->regs + LCX_CTRL);
	drm_dev_exit(idx);
}

static void lcx_pipe_disable(struct drm_simple_display_pipe *pipe)
{
	struct lcx_device *lcx = to_lcx(pipe->crtc.dev);
	int idx;

	if (!drm_dev_enter(&lcx->drm, &idx))
		return;

	writel(0, lcx->regs + LCX_CTRL);
	drm_dev_exit(idx);
}

static const struct drm_simple_display_pipe_funcs lcx_pipe_funcs = {
	.enable = lcx_pipe_enable,
	.disable = lcx_pipe_disable,
};

static const u32 lcx_formats[] = { DRM_FORMAT_XRGB8888 };

int lcx_pipe_create(struct lcx_device *lcx, struct lcx_output *out)
{
	return drm_simple_display_pipe_init(&lcx->drm, &lcx->pipe, &lcx_pipe_funcs,
					    lcx_formats, ARRAY_SIZE(lcx_formats),
					    NULL, &out->connector);
}
