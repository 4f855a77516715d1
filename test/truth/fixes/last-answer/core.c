#include <linux/i2c.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>

struct moor {
	struct drm_device drm;
	void *lut;
};

static const struct drm_driver moor_driver = {
	.driver_features = DRIVER_MODESET,
};

static void moor_lut_gone(void *arg)
{
	struct moor *moor = arg;

	moor->lut = NULL;
}

static int moor_lut_init(struct moor *moor)
{
	int ret;

	ret = drmm_mode_config_init(&moor->drm);
	if (ret < 0)
		return ret;

	devm_add_action_or_reset(moor->drm.dev, moor_lut_gone, moor);
	return ret;
}

static int moor_probe(struct platform_device *pdev)
{
	struct moor *moor;
	int ret;

	moor = devm_drm_dev_alloc(&pdev->dev, &moor_driver, struct moor, drm);
	if (IS_ERR(moor))
		return PTR_ERR(moor);
	platform_set_drvdata(pdev, moor);
	ret = moor_lut_init(moor);
	if (ret)
		return ret;
	return drm_dev_register(&moor->drm, 0);
}

static void moor_remove(struct platform_device *pdev)
{
	struct moor *moor = platform_get_drvdata(pdev);

	drm_dev_unplug(&moor->drm);
	drm_atomic_helper_shutdown(&moor->drm);
}

static struct platform_driver moor_platform = {
	.probe = moor_probe,
	.remove = moor_remove,
	.driver = { .name = "moor" },
};
module_platform_driver(moor_platform);
