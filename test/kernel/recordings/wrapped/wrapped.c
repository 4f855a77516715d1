// SPDX-License-Identifier: MIT
/* Helpers that register on behalf of their callers: nested, under a condition, in a loop. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct wrapped;

#define WRAPPED_ENGINES 3

struct wrapped_engine {
	struct wrapped *wrapped;
	int id;
};

struct wrapped {
	struct drm_device drm;
	bool has_cache;
	bool has_media;
	int engines;
	int users;
	struct wrapped_engine engine[WRAPPED_ENGINES];
};

DEFINE_DRM_GEM_FOPS(wrapped_fops);

static const struct drm_driver wrapped_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &wrapped_fops,
	.name = "wrapped",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void wrapped_cache_fini(void *data)
{
	struct wrapped *wrapped = data;

	wrapped->users--;
}

static void wrapped_media_fini(void *data)
{
	struct wrapped *wrapped = data;

	wrapped->users--;
}

static void wrapped_mmio_fini(void *data)
{
	struct wrapped *wrapped = data;

	wrapped->users--;
}

static void wrapped_engine_stop(void *data)
{
	struct wrapped_engine *engine = data;

	engine->wrapped->engines--;
}

static void wrapped_engine_free(struct drm_device *drm, void *data)
{
	struct wrapped_engine *engine = data;

	engine->wrapped->users--;
}

/* Registers on behalf of its caller. */
static int wrapped_on_unbind(struct wrapped *wrapped, void (*fn)(void *), void *data)
{
	return devm_add_action_or_reset(wrapped->drm.dev, fn, data);
}

/* Hands its caller's callback one level further down. */
static int wrapped_on_unbind_self(struct wrapped *wrapped, void (*fn)(void *))
{
	return wrapped_on_unbind(wrapped, fn, wrapped);
}

static int wrapped_engine_init(struct wrapped *wrapped, struct wrapped_engine *engine)
{
	int ret;

	engine->wrapped = wrapped;
	ret = drmm_add_action_or_reset(&wrapped->drm, wrapped_engine_free, engine);
	if (ret)
		return ret;

	wrapped->engines++;
	return wrapped_on_unbind(wrapped, wrapped_engine_stop, engine);
}

static int wrapped_engines_init(struct wrapped *wrapped)
{
	int i, ret;

	for (i = 0; i < WRAPPED_ENGINES; i++) {
		ret = wrapped_engine_init(wrapped, &wrapped->engine[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int wrapped_probe(struct platform_device *pdev)
{
	struct wrapped *wrapped;
	int ret;

	wrapped = devm_drm_dev_alloc(&pdev->dev, &wrapped_drm_driver, struct wrapped, drm);
	if (IS_ERR(wrapped))
		return PTR_ERR(wrapped);
	platform_set_drvdata(pdev, wrapped);
	wrapped->has_cache = true;

	ret = wrapped_on_unbind_self(wrapped, wrapped_mmio_fini);
	if (ret)
		return ret;
	if (wrapped->has_media) {
		ret = wrapped_on_unbind_self(wrapped, wrapped_media_fini);
		if (ret)
			return ret;
	}
	if (wrapped->has_cache) {
		ret = wrapped_on_unbind_self(wrapped, wrapped_cache_fini);
		if (ret)
			return ret;
	}
	ret = wrapped_engines_init(wrapped);
	if (ret)
		return ret;
	return drm_dev_register(&wrapped->drm, 0);
}

static void wrapped_remove(struct platform_device *pdev)
{
	struct wrapped *wrapped = platform_get_drvdata(pdev);

	drm_dev_unregister(&wrapped->drm);
}

static struct platform_driver wrapped_platform_driver = {
	.probe = wrapped_probe,
	.remove = wrapped_remove,
	.driver = {
		.name = "recorded-wrapped",
	},
};
module_platform_driver(wrapped_platform_driver);

MODULE_DESCRIPTION("Recorded driver: wrapped");
MODULE_LICENSE("Dual MIT/GPL");
