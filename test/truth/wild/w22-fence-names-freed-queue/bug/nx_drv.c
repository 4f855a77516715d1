#include <linux/file.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/sync_file.h>

#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "nx.h"

#define NX_DOORBELL(q)	(0x40 + (q) * 8)
#define NX_DONE(q)	(0x80 + (q) * 8)

struct drm_nx_submit {
	__u32 queue;
	__u32 command;
	__s32 fence_fd;
	__u32 pad;
};

#define DRM_IOCTL_NX_SUBMIT	DRM_IOWR(DRM_COMMAND_BASE, struct drm_nx_submit)

static int nx_submit_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct nx_device *nx = to_nx(drm);
	struct drm_nx_submit *args = data;
	struct sync_file *sync;
	struct dma_fence *fence;
	int fd, idx, ret = 0;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	if (args->queue >= nx->num_queues) {
		ret = -EINVAL;
		goto out;
	}
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		ret = fd;
		goto out;
	}
	fence = nx_fence_create(nx->queues[args->queue]);
	sync = fence ? sync_file_create(fence) : NULL;
	if (sync) {
		writel(args->command, nx->regs + NX_DOORBELL(args->queue));
		fd_install(fd, sync->file);
		args->fence_fd = fd;
	} else {
		put_unused_fd(fd);
		ret = -ENOMEM;
	}
	dma_fence_put(fence);
out:
	drm_dev_exit(idx);
	return ret;
}

static const struct drm_ioctl_desc nx_ioctls[] = {
	DRM_IOCTL_DEF_DRV(NX_SUBMIT, nx_submit_ioctl, 0),
};

DEFINE_DRM_ACCEL_FOPS(nx_fops);

static const struct drm_driver nx_driver = {
	.driver_features = DRIVER_GEM | DRIVER_COMPUTE_ACCEL,
	.fops = &nx_fops,
	.ioctls = nx_ioctls,
	.num_ioctls = ARRAY_SIZE(nx_ioctls),
	.name = "nxnpu",
	.desc = "NX neural unit",
};

static irqreturn_t nx_irq(int irq, void *data)
{
	struct nx_device *nx = data;
	struct nx_queue *q;
	unsigned int i;

	nx_for_each_queue(nx, q, i)
		nx_queue_complete(q, readl(nx->regs + NX_DONE(i)), 0);

	return IRQ_HANDLED;
}

static int nx_probe(struct auxiliary_device *aux, const struct auxiliary_device_id *id)
{
	struct nx_auxdev *parent = container_of(aux, struct nx_auxdev, aux);
	struct device *dev = &aux->dev;
	struct nx_device *nx;
	unsigned int i;
	int ret;

	nx = devm_drm_dev_alloc(dev, &nx_driver, struct nx_device, drm);
	if (IS_ERR(nx))
		return PTR_ERR(nx);
	nx->regs = parent->regs;
	nx->num_queues = min_t(unsigned int, parent->num_queues, NX_MAX_QUEUES);

	for (i = 0; i < nx->num_queues; i++) {
		nx->queues[i] = nx_queue_create(dev, i);
		if (!nx->queues[i])
			return -ENOMEM;
	}

	ret = devm_request_irq(dev, parent->irq, nx_irq, 0, "nxnpu", nx);
	if (ret)
		return ret;

	auxiliary_set_drvdata(aux, nx);
	return drm_dev_register(&nx->drm, 0);
}

static void nx_remove(struct auxiliary_device *aux)
{
	struct nx_device *nx = auxiliary_get_drvdata(aux);
	struct nx_queue *q;
	unsigned int i;

	drm_dev_unplug(&nx->drm);
	nx_for_each_queue(nx, q, i)
		nx_queue_complete(q, U64_MAX, -ENODEV);
}

static const struct auxiliary_device_id nx_ids[] = {
	{ .name = "nxcard.npu" },
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, nx_ids);

static struct auxiliary_driver nx_aux_driver = {
	.name = "npu",
	.probe = nx_probe,
	.remove = nx_remove,
	.id_table = nx_ids,
};
module_auxiliary_driver(nx_aux_driver);

MODULE_DESCRIPTION("NX neural unit");
MODULE_LICENSE("GPL");
