#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/reset.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "sq.h"

#define SQ_JOB		0x40

struct drm_sequoia_job {
	__u64 address;
};

#define DRM_IOCTL_SEQUOIA_JOB	DRM_IOW(DRM_COMMAND_BASE, struct drm_sequoia_job)

static int sq_job_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct sq_device *sq = to_sq(drm);
	struct drm_sequoia_job *args = data;
	int idx;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writeq(args->address, sq->regs + SQ_JOB);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc sq_ioctls[] = {
	DRM_IOCTL_DEF_DRV(SEQUOIA_JOB, sq_job_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(sq_fops);

static const struct drm_driver sq_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &sq_fops,
	.ioctls = sq_ioctls,
	.num_ioctls = ARRAY_SIZE(sq_ioctls),
	.name = "sequoia",
	.desc = "Sequoia vector engine",
};

static int sq_probe(struct platform_device *pdev)
{
	struct sq_device *sq;
	int ret;

	sq = devm_drm_dev_alloc(&pdev->dev, &sq_driver, struct sq_device, drm);
	if (IS_ERR(sq))
		return PTR_ERR(sq);
	sq->dev = &pdev->dev;
	platform_set_drvdata(pdev, sq);

	sq->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sq->regs))
		return PTR_ERR(sq->regs);
	sq->reset = devm_reset_control_get_exclusive(&pdev->dev, NULL);
	if (IS_ERR(sq->reset))
		return PTR_ERR(sq->reset);

	ret = sq_power_init(sq);
	if (ret)
		return ret;

	return drm_dev_register(&sq->drm, 0);
}

static void sq_remove(struct platform_device *pdev)
{
	struct sq_device *sq = platform_get_drvdata(pdev);

	drm_dev_unplug(&sq->drm);
}

static const struct of_device_id sq_of_match[] = {
	{ .compatible = "sequoia,vector" },
	{ }
};
MODULE_DEVICE_TABLE(of, sq_of_match);

static struct platform_driver sq_platform_driver = {
	.probe = sq_probe,
	.remove = sq_remove,
	.driver = {
		.name = "sequoia",
		.of_match_table = sq_of_match,
	},
};
module_platform_driver(sq_platform_driver);

MODULE_DESCRIPTION("Sequoia vector engine");
MODULE_LICENSE("GPL");
