// SPDX-License-Identifier: MIT
/* A mode-setting driver: managed plane, CRTC and encoder, shutdown in remove(). */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic_helper.h>
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_crtc.h>
#include <drm/drm_encoder.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_plane.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct display {
	struct drm_device drm;
	struct drm_plane *plane;
	struct drm_crtc *crtc;
	struct drm_encoder *encoder;
	struct work_struct work;
	bool backlight;
};

struct display_plane {
	struct drm_plane base;
};

struct display_crtc {
	struct drm_crtc base;
};

DEFINE_DRM_GEM_FOPS(display_fops);

static const struct drm_driver display_drm_driver = {
	.driver_features = DRIVER_MODESET | DRIVER_ATOMIC | DRIVER_GEM,
	.fops = &display_fops,
	.name = "display",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static const struct drm_mode_config_funcs display_mode_config_funcs = {
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static const struct drm_plane_funcs display_plane_funcs = {
	.reset = drm_atomic_helper_plane_reset,
	.atomic_duplicate_state = drm_atomic_helper_plane_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_plane_destroy_state,
};

static const struct drm_crtc_funcs display_crtc_funcs = {
	.reset = drm_atomic_helper_crtc_reset,
	.atomic_duplicate_state = drm_atomic_helper_crtc_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_crtc_destroy_state,
};

static const u32 display_formats[] = { DRM_FORMAT_XRGB8888 };

static void display_work(struct work_struct *work)
{
	struct display *display = container_of(work, struct display, work);

	display->backlight = false;
}

static void display_work_fini(void *data)
{
	struct display *display = data;

	cancel_work_sync(&display->work);
}

static void display_backlight_off(void *data)
{
	struct display *display = data;

	display->backlight = false;
}

static int display_pipe_init(struct display *display)
{
	struct drm_device *drm = &display->drm;
	struct display_plane *plane;
	struct display_crtc *crtc;

	plane = drmm_universal_plane_alloc(drm, struct display_plane, base, 1,
					   &display_plane_funcs, display_formats,
					   ARRAY_SIZE(display_formats), NULL,
					   DRM_PLANE_TYPE_PRIMARY, NULL);
	if (IS_ERR(plane))
		return PTR_ERR(plane);
	display->plane = &plane->base;

	crtc = drmm_crtc_alloc_with_planes(drm, struct display_crtc, base, display->plane, NULL,
					   &display_crtc_funcs, NULL);
	if (IS_ERR(crtc))
		return PTR_ERR(crtc);
	display->crtc = &crtc->base;

	display->encoder = drmm_plain_encoder_alloc(drm, NULL, DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (IS_ERR(display->encoder))
		return PTR_ERR(display->encoder);
	display->encoder->possible_crtcs = drm_crtc_mask(display->crtc);
	return 0;
}

static int display_modeset_init(struct display *display)
{
	struct drm_device *drm = &display->drm;
	int ret;

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;
	drm->mode_config.min_width = 16;
	drm->mode_config.max_width = 4096;
	drm->mode_config.min_height = 16;
	drm->mode_config.max_height = 4096;
	drm->mode_config.funcs = &display_mode_config_funcs;

	return display_pipe_init(display);
}

static int display_probe(struct platform_device *pdev)
{
	struct display *display;
	int ret;

	display = devm_drm_dev_alloc(&pdev->dev, &display_drm_driver, struct display, drm);
	if (IS_ERR(display))
		return PTR_ERR(display);
	platform_set_drvdata(pdev, display);
	INIT_WORK(&display->work, display_work);
	ret = devm_add_action_or_reset(&pdev->dev, display_work_fini, display);
	if (ret)
		return ret;
	ret = display_modeset_init(display);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, display_backlight_off, display);
	if (ret)
		return ret;
	drm_mode_config_reset(&display->drm);
	return drm_dev_register(&display->drm, 0);
}

static void display_remove(struct platform_device *pdev)
{
	struct display *display = platform_get_drvdata(pdev);

	drm_dev_unplug(&display->drm);
	drm_atomic_helper_shutdown(&display->drm);
}

static struct platform_driver display_platform_driver = {
	.probe = display_probe,
	.remove = display_remove,
	.driver = {
		.name = "recorded-display",
	},
};
module_platform_driver(display_platform_driver);

MODULE_DESCRIPTION("Recorded driver: display");
MODULE_LICENSE("Dual MIT/GPL");
