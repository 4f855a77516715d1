#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/ttm/ttm_bo.h>

struct ring {
	struct drm_device drm;
	struct ttm_buffer_object **bos;
	unsigned int count;
	void *shadow;
};

static void ring_fini(struct drm_device *drm, void *arg)
{
	struct ring *ring = arg;
	unsigned int i;

	for (i = 0; i < ring->count; i++)
		ttm_bo_unpin(ring->bos[i]);
	dev_dbg(ring->drm.dev, "rings are unpinned\n");

	kfree(ring->bos);
	kfree(ring->shadow);

	drm_dbg(drm, "ring memory is free\n");
}

int ring_init(struct ring *ring)
{
	unsigned int i;

	ring->shadow = kzalloc(64, GFP_KERNEL);
	ring->bos = kcalloc(4, sizeof(*ring->bos), GFP_KERNEL);
	if (!ring->bos || !ring->shadow)
		return -ENOMEM;
	for (i = 0; i < 4; i++) {
		ttm_bo_pin(ring->bos[i]);
		ring->count++;
	}

	return drmm_add_action_or_reset(&ring->drm, ring_fini, ring);
}

static const struct drm_driver ring_driver = {
	.driver_features = DRIVER_GEM,
};

static int ring_probe(struct platform_device *pdev)
{
	struct ring *ring;
	int ret;

	ring = devm_drm_dev_alloc(&pdev->dev, &ring_driver, struct ring, drm);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	ret = ring_init(ring);
	if (ret)
		return ret;
	platform_set_drvdata(pdev, ring);
	return drm_dev_register(&ring->drm, 0);
}

static void ring_remove(struct platform_device *pdev)
{
	struct ring *ring = platform_get_drvdata(pdev);

	drm_dev_unplug(&ring->drm);
}

static struct platform_driver ring_platform = {
	.probe = ring_probe,
	.remove = ring_remove,
	.driver = { .name = "ring" },
};
module_platform_driver(ring_platform);
