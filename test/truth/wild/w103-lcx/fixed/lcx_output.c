// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#include "lcx.h"

static int lcx_output_get_modes(struct drm_connector *connector)
{
	struct lcx_output *out = to_lcx_output(connector);

	return drm_connector_helper_get_modes_fixed(connector, &out->desc->mode);
}

static const struct drm_connector_helper_funcs lcx_output_helpers = {
	.get_modes = lcx_output_get_modes,
};

static const struct drm_connector_funcs lcx_output_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

void *lcx_zalloc(struct lcx_device *lcx, size_t size)
{
	void *p = drmm_kzalloc(&lcx->drm, size, GFP_KERNEL);

	return p ?: ERR_PTR(-ENOMEM);
}

struct lcx_output *lcx_output_create(struct lcx_device *lcx,
				     const struct lcx_panel_desc *desc)
{
	struct lcx_output *out;
	int ret;

	out = lcx_zalloc(lcx, sizeof(*out));
	if (IS_ERR(out))
		return out;

	out->lcx = lcx;
	out->desc = desc;

	ret = drmm_connector_init(&lcx->drm, &out->connector, &lcx_output_funcs,
				  DRM_MODE_CONNECTOR_DPI, NULL);
	if (ret)
		return ERR_PTR(ret);

	drm_connector_helper_add(&out->connector, &lcx_output_helpers);
	return out;
}
