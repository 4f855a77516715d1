#include <linux/platform_device.h>
#include <drm/drm_connector.h>
#include <drm/drm_drv.h>
#include <drm/drm_mode_config.h>

struct reed {
	struct drm_device drm;
	struct drm_connector connector;
	struct drm_connector *out;
};

static const struct drm_connector_funcs reed_connector_funcs = {
	.reset = drm_atomic_helper_connector_reset,
};

static const struct drm_driver reed_driver = {
	.driver_features = DRIVER_MODESET,
};

static int reed_modeset(struct reed *reed)
{
	int ret;

	ret = drmm_mode_config_init(&reed->drm);
	if (ret)
		return ret;
	ret = drmm_connector_init(&reed->drm, &reed->connector, &reed_connector_funcs,
				  DRM_MODE_CONNECTOR_DPI, NULL);
	if (ret)
		goto connector_cleanup;
	reed->out = &reed->connector;
	ret = drm_vblank_init(&reed->drm, 1);
	if (ret)
		goto connector_cleanup;

	return 0;

connector_cleanup:
	if (reed->out) {
		drm_connector_cleanup(&reed->connector);
		reed->out = NULL;
	}
	return ret;
}

static int reed_probe(struct platform_device *pdev)
{
	struct reed *reed;
	int ret;

	reed = devm_drm_dev_alloc(&pdev->dev, &reed_driver, struct reed, drm);
	if (IS_ERR(reed))
		return PTR_ERR(reed);
	platform_set_drvdata(pdev, reed);
	ret = reed_modeset(reed);
	if (ret)
		return ret;
	return drm_dev_register(&reed->drm, 0);
}

static void reed_remove(struct platform_device *pdev)
{
	struct reed *reed = platform_get_drvdata(pdev);

	drm_dev_unplug(&reed->drm);
	drm_atomic_helper_shutdown(&reed->drm);
}

static struct platform_driver reed_platform = {
	.probe = reed_probe,
	.remove = reed_remove,
	.driver = { .name = "reed" },
};
module_platform_driver(reed_platform);
