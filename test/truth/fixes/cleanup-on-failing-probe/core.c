#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_mode_config.h>

struct mcrtc {
	struct drm_crtc base;
};

static const struct drm_crtc_funcs disp_crtc_funcs = {
	.page_flip = drm_atomic_helper_page_flip,
};

static int disp_crtc_create(struct drm_device *drm, struct device *dev)
{
	struct mcrtc *crtc;

	crtc = drmm_kzalloc(drm, sizeof(*crtc), GFP_KERNEL);
	if (!crtc)
		return -ENOMEM;

	return drmm_crtc_init_with_planes(drm, &crtc->base, NULL, NULL, &disp_crtc_funcs, NULL);
}


static const struct drm_driver drv_driver = {
	.driver_features = DRIVER_MODESET,
};

static int drv_probe(struct platform_device *pdev)
{
	struct drm_device *drm;
	int ret;

	drm = drm_dev_alloc(&drv_driver, &pdev->dev);
	if (IS_ERR(drm))
		return PTR_ERR(drm);
	drm_mode_config_init(drm);
	ret = disp_crtc_create(drm, &pdev->dev);
	if (ret)
		goto err;
	platform_set_drvdata(pdev, drm);
	ret = drm_dev_register(drm, 0);
	if (ret)
		goto err;
	return 0;
err:
	drm_mode_config_cleanup(drm);
	drm_dev_put(drm);
	return ret;
}

static void drv_remove(struct platform_device *pdev)
{
	struct drm_device *drm = platform_get_drvdata(pdev);

	drm_dev_unplug(drm);
	drm_mode_config_cleanup(drm);
	drm_dev_put(drm);
}

static struct platform_driver drv_platform = {
	.probe = drv_probe,
	.remove = drv_remove,
	.driver = { .name = "drv" },
};
module_platform_driver(drv_platform);
