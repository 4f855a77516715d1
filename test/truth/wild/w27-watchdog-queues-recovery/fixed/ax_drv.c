#include <linux/module.h>

#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "ax.h"

struct drm_ax_kick {
	__u32 slot;
	__u32 pad;
};

#define DRM_IOCTL_AX_KICK	DRM_IOW(DRM_COMMAND_BASE, struct drm_ax_kick)

static int ax_kick_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct ax_device *ax = to_ax(drm);
	struct drm_ax_kick *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ax_write(ax, DOORBELL, args->slot);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc ax_ioctls[] = {
	DRM_IOCTL_DEF_DRV(AX_KICK, ax_kick_ioctl, 0),
};

DEFINE_DRM_ACCEL_FOPS(ax_fops);

static const struct drm_driver ax_driver = {
	.driver_features = DRIVER_GEM | DRIVER_COMPUTE_ACCEL,
	.fops = &ax_fops,
	.ioctls = ax_ioctls,
	.num_ioctls = ARRAY_SIZE(ax_ioctls),
	.name = "axnpu",
	.desc = "AX neural processor",
};

static int ax_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ax_device *ax;
	int ret;

	ax = devm_drm_dev_alloc(&pdev->dev, &ax_driver, struct ax_device, drm);
	if (IS_ERR(ax))
		return PTR_ERR(ax);
	ax->pdev = pdev;
	pci_set_drvdata(pdev, ax);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ax->regs = pcim_iomap(pdev, 2, 0);
	if (!ax->regs)
		return -ENOMEM;

	ax_health_init(ax);
	ret = drm_dev_register(&ax->drm, 0);
	if (ret)
		return ret;
	ax_health_start(ax);

	return 0;
}

static void ax_remove(struct pci_dev *pdev)
{
	struct ax_device *ax = pci_get_drvdata(pdev);

	drm_dev_unplug(&ax->drm);
	ax_health_stop(ax);
}

static const struct pci_device_id ax_ids[] = {
	{ PCI_DEVICE(0x1e52, 0x0401) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ax_ids);

static struct pci_driver ax_pci_driver = {
	.name = "axnpu",
	.id_table = ax_ids,
	.probe = ax_probe,
	.remove = ax_remove,
};
module_pci_driver(ax_pci_driver);

MODULE_DESCRIPTION("AX neural processor");
MODULE_LICENSE("GPL");
