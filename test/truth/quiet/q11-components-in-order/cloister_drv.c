// SPDX-License-Identifier: MIT
#include <linux/component.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_of.h>
#include "cloister.h"

struct cloister_job {
	__u32 unit;
	__u32 arg;
};

#define DRM_IOCTL_CLOISTER_JOB	DRM_IOWR(DRM_COMMAND_BASE + 0, struct cloister_job)

static int cloister_job_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct cloister *cl = to_cloister(drm);
	struct cloister_job *job = data;
	int idx, done, ret = -EINVAL;

	if (job->unit >= CLOISTER_UNITS)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	if (!cl->units[job->unit])
		goto out;

	done = atomic_read(&cl->jobs_done);
	cloister_unit_start(cl->units[job->unit], job->arg);
	ret = wait_event_interruptible_timeout(cl->idle, atomic_read(&cl->jobs_done) != done, HZ);
	ret = ret > 0 ? 0 : ret ?: -ETIMEDOUT;
out:
	drm_dev_exit(idx);
	return ret;
}

static const struct drm_ioctl_desc cloister_ioctls[] = {
	DRM_IOCTL_DEF_DRV(CLOISTER_JOB, cloister_job_ioctl, 0),
};

DEFINE_DRM_ACCEL_FOPS(cloister_fops);

static const struct drm_driver cloister_drm_driver = {
	.driver_features = DRIVER_COMPUTE_ACCEL | DRIVER_GEM,
	.ioctls = cloister_ioctls,
	.num_ioctls = ARRAY_SIZE(cloister_ioctls),
	.fops = &cloister_fops,
	.name = "cloister",
	.desc = "Cloister compute array",
	.date = "20240901",
	.major = 1,
};

static int cloister_bind(struct device *dev)
{
	struct cloister *cl;
	int ret;

	/* lives in the master's group, which is released after cloister_unbind() */
	cl = devm_drm_dev_alloc(dev, &cloister_drm_driver, struct cloister, drm);
	if (IS_ERR(cl))
		return PTR_ERR(cl);
	init_waitqueue_head(&cl->idle);
	dev_set_drvdata(dev, cl);

	ret = component_bind_all(dev, cl);
	if (ret)
		return ret;
	ret = drm_dev_register(&cl->drm, 0);
	if (ret)
		component_unbind_all(dev, cl);
	return ret;
}

static void cloister_unbind(struct device *dev)
{
	struct cloister *cl = dev_get_drvdata(dev);

	drm_dev_unplug(&cl->drm);
	component_unbind_all(dev, cl);
}

static const struct component_master_ops cloister_master_ops = {
	.bind = cloister_bind,
	.unbind = cloister_unbind,
};

static int cloister_probe(struct platform_device *pdev)
{
	struct component_match *match = NULL;
	struct device_node *np;
	int i;

	for (i = 0; (np = of_parse_phandle(pdev->dev.of_node, "units", i)); i++) {
		drm_of_component_match_add(&pdev->dev, &match, component_compare_of, np);
		of_node_put(np);
	}
	if (IS_ERR_OR_NULL(match))
		return match ? PTR_ERR(match) : -ENODEV;
	return component_master_add_with_match(&pdev->dev, &cloister_master_ops, match);
}

static void cloister_remove(struct platform_device *pdev)
{
	component_master_del(&pdev->dev, &cloister_master_ops);
}

static const struct of_device_id cloister_of_match[] = {
	{ .compatible = "abbey,cloister" },
	{ }
};
MODULE_DEVICE_TABLE(of, cloister_of_match);

static struct platform_driver cloister_driver = {
	.probe = cloister_probe,
	.remove = cloister_remove,
	.driver = { .name = "cloister", .of_match_table = cloister_of_match },
};

static struct platform_driver * const cloister_drivers[] = {
	&cloister_unit_driver,
	&cloister_driver,
};

static int __init cloister_init(void)
{
	return platform_register_drivers(cloister_drivers, ARRAY_SIZE(cloister_drivers));
}
module_init(cloister_init);

static void __exit cloister_exit(void)
{
	platform_unregister_drivers(cloister_drivers, ARRAY_SIZE(cloister_drivers));
}
module_exit(cloister_exit);

MODULE_DESCRIPTION("Cloister compute array");
MODULE_LICENSE("GPL");
