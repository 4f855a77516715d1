// SPDX-License-Identifier: MIT
#include <linux/slab.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#include "plainconn.h"

static int pc_connector_get_modes(struct drm_connector *connector)
{
	struct pc_connector *pc = to_pc_connector(connector);

	return drm_connector_helper_get_modes_fixed(connector, &pc->mode);
}

static const struct drm_connector_helper_funcs pc_connector_helpers = {
	.get_modes = pc_connector_get_modes,
};

static void pc_connector_destroy(struct drm_connector *connector)
{
	drm_connector_cleanup(connector);
	kfree(to_pc_connector(connector));
}

static const struct drm_connector_funcs pc_connector_funcs = {
	.destroy = pc_connector_destroy,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/* Owned by the mode config from here on: destroyed with it. */
struct drm_connector *pc_connector_create(struct drm_device *drm,
					  const struct drm_display_mode *mode)
{
	struct pc_connector *pc;
	int ret;

	pc = kzalloc(sizeof(*pc), GFP_KERNEL);
	if (!pc)
		return ERR_PTR(-ENOMEM);

	pc->mode = *mode;
	ret = drm_connector_init(drm, &pc->base, &pc_connector_funcs, DRM_MODE_CONNECTOR_LVDS);
	if (ret) {
		kfree(pc);
		return ERR_PTR(ret);
	}

	drm_connector_helper_add(&pc->base, &pc_connector_helpers);
	return &pc->base;
}
