// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/pci.h>
#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

#include "qorba.h"

DEFINE_DRM_ACCEL_FOPS(qorba_fops);

static const struct drm_driver qorba_driver = {
	.driver_features = DRIVER_GEM | DRIVER_COMPUTE_ACCEL,
	.open = qorba_ctx_open,
	.postclose = qorba_ctx_close,
	.fops = &qorba_fops,
	.name = "qorba",
	.desc = "Qorba tensor unit",
	.major = 1,
};

static void qorba_ids_release(struct drm_device *drm, void *unused)
{
	ida_destroy(&to_qorba(drm)->ctx_ids);
}

static int qorba_probe(struct pci_dev *pdev, const struct pci_device_id *ent)
{
	struct qorba_device *qdev;
	int ret;

	qdev = devm_drm_dev_alloc(&pdev->dev, &qorba_driver, struct qorba_device, drm);
	if (IS_ERR(qdev))
		return PTR_ERR(qdev);

	ida_init(&qdev->ctx_ids);
	ret = drmm_add_action_or_reset(&qdev->drm, qorba_ids_release, NULL);
	if (ret)
		return ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	qdev->mmio = pcim_iomap(pdev, 0, 0);
	if (!qdev->mmio)
		return -ENOMEM;

	pci_set_drvdata(pdev, qdev);

	return drm_dev_register(&qdev->drm, 0);
}

static void qorba_remove(struct pci_dev *pdev)
{
	struct qorba_device *qdev = pci_get_drvdata(pdev);

	drm_dev_unplug(&qdev->drm);
}

static const struct pci_device_id qorba_ids[] = {
	{ PCI_DEVICE(0x1de7, 0x0a01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, qorba_ids);

static struct pci_driver qorba_pci_driver = {
	.name = "qorba",
	.id_table = qorba_ids,
	.probe = qorba_probe,
	.remove = qorba_remove,
};
module_pci_driver(qorba_pci_driver);

MODULE_DESCRIPTION("Qorba tensor unit");
MODULE_LICENSE("GPL");
