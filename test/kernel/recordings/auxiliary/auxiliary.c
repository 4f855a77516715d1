// SPDX-License-Identifier: MIT
/* A driver of an auxiliary device. */
#include <linux/auxiliary_bus.h>
#include <linux/module.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct auxiliary {
	struct drm_device drm;
	bool link;
	bool ring;
};

DEFINE_DRM_GEM_FOPS(auxiliary_fops);

static const struct drm_driver auxiliary_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &auxiliary_fops,
	.name = "auxiliary",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void auxiliary_link_down(void *data)
{
	struct auxiliary *auxiliary = data;

	auxiliary->link = false;
}

static void auxiliary_ring_fini(struct drm_device *drm, void *data)
{
	struct auxiliary *auxiliary = data;

	auxiliary->ring = false;
}

static int auxiliary_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct auxiliary *auxiliary;
	int ret;

	auxiliary = devm_drm_dev_alloc(&adev->dev, &auxiliary_drm_driver, struct auxiliary, drm);
	if (IS_ERR(auxiliary))
		return PTR_ERR(auxiliary);
	auxiliary_set_drvdata(adev, auxiliary);

	ret = drmm_add_action_or_reset(&auxiliary->drm, auxiliary_ring_fini, auxiliary);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&adev->dev, auxiliary_link_down, auxiliary);
	if (ret)
		return ret;
	return drm_dev_register(&auxiliary->drm, 0);
}

static void auxiliary_remove(struct auxiliary_device *adev)
{
	struct auxiliary *auxiliary = auxiliary_get_drvdata(adev);

	drm_dev_unplug(&auxiliary->drm);
}

static const struct auxiliary_device_id auxiliary_ids[] = {
	{ .name = "recorder.recorded" },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, auxiliary_ids);

static struct auxiliary_driver auxiliary_auxiliary_driver = {
	.probe = auxiliary_probe,
	.remove = auxiliary_remove,
	.id_table = auxiliary_ids,
};
module_auxiliary_driver(auxiliary_auxiliary_driver);

MODULE_DESCRIPTION("Recorded driver: auxiliary");
MODULE_LICENSE("Dual MIT/GPL");
