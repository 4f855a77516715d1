// SPDX-License-Identifier: MIT
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_rect.h>

#include "nacre.h"

#define NACRE_WIDTH	1024
#define NACRE_HEIGHT	768

static void nacre_show(struct nacre *nacre, struct drm_plane_state *state)
{
	struct drm_shadow_plane_state *shadow = to_drm_shadow_plane_state(state);
	struct drm_rect clip;
	int idx;

	if (!state->fb || !drm_dev_enter(&nacre->drm, &idx))
		return;

	drm_rect_init(&clip, 0, 0, state->fb->width, state->fb->height);
	nacre->scan->ops->show(nacre->scan, shadow->data, state->fb, &clip);
	drm_dev_exit(idx);
}

static void nacre_pipe_enable(struct drm_simple_display_pipe *pipe,
			      struct drm_crtc_state *crtc_state, struct drm_plane_state *plane_state)
{
	struct nacre *nacre = to_nacre(pipe->crtc.dev);
	int idx;

	nacre_show(nacre, plane_state);
	if (!drm_dev_enter(&nacre->drm, &idx))
		return;

	nacre->scan->ops->start(nacre->scan);
	drm_dev_exit(idx);
}

static void nacre_pipe_disable(struct drm_simple_display_pipe *pipe)
{
	struct nacre *nacre = to_nacre(pipe->crtc.dev);
	int idx;

	if (!drm_dev_enter(&nacre->drm, &idx))
		return;

	nacre->scan->ops->stop(nacre->scan);
	drm_dev_exit(idx);
}

static void nacre_pipe_update(struct drm_simple_display_pipe *pipe, struct drm_plane_state *old)
{
	nacre_show(to_nacre(pipe->crtc.dev), pipe->plane.state);
}

static const struct drm_simple_display_pipe_funcs nacre_pipe_funcs = {
	.enable = nacre_pipe_enable,
	.disable = nacre_pipe_disable,
	.update = nacre_pipe_update,
	DRM_GEM_SIMPLE_DISPLAY_PIPE_SHADOW_PLANE_FUNCS,
};

static int nacre_get_modes(struct drm_connector *connector)
{
	return drm_add_modes_noedid(connector, NACRE_WIDTH, NACRE_HEIGHT);
}

static const struct drm_connector_helper_funcs nacre_connector_helpers = {
	.get_modes = nacre_get_modes,
};

static const struct drm_connector_funcs nacre_connector_funcs = {
	.reset = drm_atomic_helper_connector_reset,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.destroy = drm_connector_cleanup,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

static const struct drm_mode_config_funcs nacre_mode_config_funcs = {
	.fb_create = drm_gem_fb_create_with_dirty,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static const u32 nacre_formats[] = { DRM_FORMAT_XRGB8888 };

int nacre_kms_init(struct nacre *nacre)
{
	struct drm_device *drm = &nacre->drm;
	int ret;

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;

	drm->mode_config.max_width = NACRE_WIDTH;
	drm->mode_config.max_height = NACRE_HEIGHT;
	drm->mode_config.funcs = &nacre_mode_config_funcs;

	ret = drm_connector_init(drm, &nacre->connector, &nacre_connector_funcs,
				 DRM_MODE_CONNECTOR_Unknown);
	if (ret)
		return ret;
	drm_connector_helper_add(&nacre->connector, &nacre_connector_helpers);

	ret = drm_simple_display_pipe_init(drm, &nacre->pipe, &nacre_pipe_funcs, nacre_formats,
					   ARRAY_SIZE(nacre_formats), NULL, &nacre->connector);
	if (ret)
		return ret;

	drm_mode_config_reset(drm);
	return 0;
}
