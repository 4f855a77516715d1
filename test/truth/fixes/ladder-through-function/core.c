#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

struct foo_ring { int head; };

struct foo {
	struct drm_device drm;
	struct foo_ring *ring;
	struct clk *clk;
};

static void foo_free_ring(struct drm_device *drm, void *arg)
{
	struct foo *foo = arg;

	kfree(foo->ring);
}

static int foo_own(struct foo *foo)
{
	return drmm_add_action_or_reset(&foo->drm, foo_free_ring, foo);
}

static int foo_init(struct foo *foo)
{
	int err;

	err = clk_prepare_enable(foo->clk);
	if (err)
		return err;

	foo->ring = kzalloc(sizeof(*foo->ring), GFP_KERNEL);
	if (!foo->ring) {
		err = -ENOMEM;
		goto err_clk;
	}

	err = drmm_mode_config_init(&foo->drm);
	if (err)
		goto err_free;

	err = foo_own(foo);
	if (err)
		goto err_free;

	return 0;

err_free:
	kfree(foo->ring);
err_clk:
	clk_disable_unprepare(foo->clk);
	return err;
}

static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo;

	foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	if (IS_ERR(foo))
		return PTR_ERR(foo);

	return foo_init(foo);
}

static void foo_remove(struct platform_device *pdev)
{
}

static struct platform_driver foo_platform_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
