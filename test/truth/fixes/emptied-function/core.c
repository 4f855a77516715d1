#include <linux/platform_device.h>
#include <drm/drm_connector.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>

struct pond {
	struct drm_device drm;
	struct drm_connector connector;
	bool lit;
};

static const struct drm_connector_funcs pond_connector_funcs = {
	.reset = drm_atomic_helper_connector_reset,
};

static void pond_connector_gone(struct pond *pond)
{
	drm_connector_cleanup(&pond->connector);
}

static void pond_driver_release(struct drm_device *drm)
{
	struct pond *pond = container_of(drm, struct pond, drm);

	pond_connector_gone(pond);
}

static const struct drm_driver pond_driver = {
	.driver_features = DRIVER_MODESET,
	.release = pond_driver_release,
};

static int pond_probe(struct platform_device *pdev)
{
	struct pond *pond;
	int ret;

	pond = devm_drm_dev_alloc(&pdev->dev, &pond_driver, struct pond, drm);
	if (IS_ERR(pond))
		return PTR_ERR(pond);
	ret = drmm_mode_config_init(&pond->drm);
	if (ret)
		return ret;
	ret = drmm_connector_init(&pond->drm, &pond->connector, &pond_connector_funcs, 0, NULL);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, pond);
	return drm_dev_register(&pond->drm, 0);
}

static void pond_remove(struct platform_device *pdev)
{
	struct pond *pond = platform_get_drvdata(pdev);

	drm_dev_unplug(&pond->drm);
}

static struct platform_driver pond_platform = {
	.probe = pond_probe,
	.remove = pond_remove,
	.driver = { .name = "pond" },
};
module_platform_driver(pond_platform);
