// SPDX-License-Identifier: MIT
/* Waiter of an accelerator: an ioctl waits for somebody else's fence with a callback of its own. */
#include <linux/dma-fence.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_syncobj.h>

struct relay_wait {
	struct dma_fence_cb cb;
	wait_queue_head_t queue;
	bool done;
};

struct drm_relay_wait {
	__u32 syncobj;
	__u32 ms;
};

#define DRM_IOCTL_RELAY_WAIT	DRM_IOW(DRM_COMMAND_BASE, struct drm_relay_wait)

static void relay_signaled(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	struct relay_wait *wait = container_of(cb, struct relay_wait, cb);

	wait->done = true;
	wake_up_all(&wait->queue);
}

static int relay_wait_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_relay_wait *args = data;
	struct relay_wait *wait;
	struct dma_fence *fence;
	long left;
	int ret;

	ret = drm_syncobj_find_fence(file, args->syncobj, 0, 0, &fence);
	if (ret)
		return ret;
	wait = kzalloc(sizeof(*wait), GFP_KERNEL);
	if (!wait) {
		ret = -ENOMEM;
		goto put;
	}
	init_waitqueue_head(&wait->queue);
	ret = dma_fence_add_callback(fence, &wait->cb, relay_signaled);
	if (ret) {
		if (ret == -ENOENT)
			ret = 0;
		goto free;
	}
	left = wait_event_interruptible_timeout(wait->queue, wait->done,
						msecs_to_jiffies(args->ms));
	dma_fence_remove_callback(fence, &wait->cb);
	ret = left > 0 ? 0 : left ? left : -ETIME;
free:
	kfree(wait);
put:
	dma_fence_put(fence);
	return ret;
}

static const struct drm_ioctl_desc relay_ioctls[] = {
	DRM_IOCTL_DEF_DRV(RELAY_WAIT, relay_wait_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(relay_fops);

static const struct drm_driver relay_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER | DRIVER_SYNCOBJ,
	.fops = &relay_fops,
	.ioctls = relay_ioctls,
	.num_ioctls = ARRAY_SIZE(relay_ioctls),
	.name = "relay",
	.desc = "Relay waiter",
};

struct relay {
	struct drm_device drm;
};

static int relay_probe(struct platform_device *pdev)
{
	struct relay *relay;

	relay = devm_drm_dev_alloc(&pdev->dev, &relay_drm, struct relay, drm);
	if (IS_ERR(relay))
		return PTR_ERR(relay);
	platform_set_drvdata(pdev, relay);
	return drm_dev_register(&relay->drm, 0);
}

static void relay_remove(struct platform_device *pdev)
{
	struct relay *relay = platform_get_drvdata(pdev);

	drm_dev_unplug(&relay->drm);
}

static const struct of_device_id relay_of_match[] = {
	{ .compatible = "baton,relay" },
	{ }
};
MODULE_DEVICE_TABLE(of, relay_of_match);

static struct platform_driver relay_driver = {
	.probe = relay_probe,
	.remove = relay_remove,
	.driver = { .name = "relay", .of_match_table = relay_of_match },
};
module_platform_driver(relay_driver);

MODULE_DESCRIPTION("Relay waiter");
MODULE_LICENSE("GPL");
