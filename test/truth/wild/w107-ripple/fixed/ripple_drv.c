// SPDX-License-Identifier: MIT
#include <linux/file.h>
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sync_file.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

#include "ripple.h"

struct drm_ripple_submit {
	__s32 fence_fd;
	__u32 pad;
};

#define DRM_RIPPLE_SUBMIT	0x00
#define DRM_IOCTL_RIPPLE_SUBMIT	DRM_IOWR(DRM_COMMAND_BASE + DRM_RIPPLE_SUBMIT, \
					 struct drm_ripple_submit)

static irqreturn_t ripple_irq(int irq, void *arg)
{
	struct ripple *rp = arg;

	if (!(readl(rp->regs + RP_IST) & 1))
		return IRQ_NONE;

	writel(1, rp->regs + RP_IST);
	ripple_ring_retire(rp->ring, readl(rp->regs + RP_DONE));

	return IRQ_HANDLED;
}

static int ripple_ioctl_submit(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct ripple *rp = container_of(drm, struct ripple, drm);
	struct drm_ripple_submit *args = data;
	struct ripple_fence *f;
	struct sync_file *sync;
	int fd, idx, ret;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;

	if (!drm_dev_enter(drm, &idx)) {
		put_unused_fd(fd);
		return -ENODEV;
	}

	mutex_lock(&rp->submit_lock);
	f = ripple_fence_alloc(rp->ring);
	if (!f) {
		ret = -ENOMEM;
		goto err_unlock;
	}

	sync = sync_file_create(&f->base);
	if (!sync) {
		ret = -ENOMEM;
		goto err_fence;
	}

	ripple_ring_emit(rp->ring, f);
	writel((u32)f->base.seqno, rp->regs + RP_KICK);

	mutex_unlock(&rp->submit_lock);
	drm_dev_exit(idx);

	dma_fence_put(&f->base);
	args->fence_fd = fd;
	fd_install(fd, sync->file);
	return 0;

err_fence:
	dma_fence_put(&f->base);
err_unlock:
	mutex_unlock(&rp->submit_lock);
	drm_dev_exit(idx);
	put_unused_fd(fd);
	return ret;
}

static const struct drm_ioctl_desc ripple_ioctls[] = {
	DRM_IOCTL_DEF_DRV(RIPPLE_SUBMIT, ripple_ioctl_submit, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(ripple_fops);

static const struct drm_driver ripple_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = ripple_ioctls,
	.num_ioctls = ARRAY_SIZE(ripple_ioctls),
	.fops = &ripple_fops,
	.name = "ripple",
	.desc = "Ripple filter engine",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int ripple_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct ripple *rp;
	int ret;

	rp = devm_drm_dev_alloc(dev, &ripple_drm_driver, struct ripple, drm);
	if (IS_ERR(rp))
		return PTR_ERR(rp);
	platform_set_drvdata(pdev, rp);

	ret = drmm_mutex_init(&rp->drm, &rp->submit_lock);
	if (ret)
		return ret;

	rp->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(rp->regs))
		return PTR_ERR(rp->regs);

	rp->irq = platform_get_irq(pdev, 0);
	if (rp->irq < 0)
		return rp->irq;

	rp->ring = ripple_ring_create(dev);
	if (IS_ERR(rp->ring))
		return PTR_ERR(rp->ring);

	ret = devm_request_irq(dev, rp->irq, ripple_irq, 0, dev_name(dev), rp);
	if (ret)
		return ret;

	writel(1, rp->regs + RP_IEN);

	ret = drm_dev_register(&rp->drm, 0);
	if (ret)
		writel(0, rp->regs + RP_IEN);

	return ret;
}

static void ripple_remove(struct platform_device *pdev)
{
	struct ripple *rp = platform_get_drvdata(pdev);

	drm_dev_unplug(&rp->drm);
	writel(0, rp->regs + RP_IEN);
	synchronize_irq(rp->irq);
	ripple_ring_kill(rp->ring);
}

static const struct of_device_id ripple_of_match[] = {
	{ .compatible = "northgate,ripple" },
	{ }
};
MODULE_DEVICE_TABLE(of, ripple_of_match);

static struct platform_driver ripple_driver = {
	.probe = ripple_probe,
	.remove = ripple_remove,
	.driver = { .name = "ripple", .of_match_table = ripple_of_match },
};
module_platform_driver(ripple_driver);

MODULE_DESCRIPTION("Ripple filter engine driver");
MODULE_LICENSE("GPL");
