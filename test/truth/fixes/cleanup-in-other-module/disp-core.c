#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_crtc.h>
#include <drm/drm_device.h>
#include <drm/drm_plane.h>
#include "disp.h"

struct disp_crtc {
	struct drm_crtc base;
	struct drm_encoder encoder;
	int index;
};

static const struct drm_crtc_funcs disp_crtc_funcs = {
	.destroy = drm_crtc_cleanup,
	.page_flip = drm_atomic_helper_page_flip,
};

int disp_crtc_create(struct drm_device *drm, struct device *dev)
{
	struct disp_crtc *crtc;

	crtc = devm_kzalloc(drm->dev, sizeof(*crtc), GFP_KERNEL);
	if (!crtc)
		return -ENOMEM;

	return drm_crtc_init_with_planes(drm, &crtc->base, NULL, NULL, &disp_crtc_funcs, NULL);
}
EXPORT_SYMBOL_GPL(disp_crtc_create);

static int disp_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver disp_driver = {
	.probe = disp_probe,
	.driver = { .name = "disp" },
};
module_platform_driver(disp_driver);
