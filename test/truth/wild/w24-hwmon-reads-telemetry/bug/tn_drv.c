#include <linux/module.h>

#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "tn.h"

DEFINE_DRM_ACCEL_FOPS(tn_fops);

static const struct drm_driver tn_driver = {
	.driver_features = DRIVER_GEM | DRIVER_COMPUTE_ACCEL,
	.fops = &tn_fops,
	.name = "tensilon",
	.desc = "Tensilon inference card",
};

static int tn_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tn_device *tn;
	int ret;

	tn = devm_drm_dev_alloc(&pdev->dev, &tn_driver, struct tn_device, drm);
	if (IS_ERR(tn))
		return PTR_ERR(tn);
	tn->pdev = pdev;
	pci_set_drvdata(pdev, tn);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	tn->regs = pcim_iomap(pdev, 0, 0);
	if (!tn->regs)
		return -ENOMEM;
	pci_set_master(pdev);

	ret = tn_telemetry_init(tn);
	if (ret)
		return ret;

	ret = drm_dev_register(&tn->drm, 0);
	if (ret)
		goto err_telemetry;

	ret = tn_hwmon_init(tn);
	if (ret)
		goto err_unregister;

	return 0;

err_unregister:
	drm_dev_unplug(&tn->drm);
err_telemetry:
	tn_telemetry_fini(tn);
	return ret;
}

static void tn_remove(struct pci_dev *pdev)
{
	struct tn_device *tn = pci_get_drvdata(pdev);

	drm_dev_unplug(&tn->drm);
	tn_telemetry_fini(tn);
}

static const struct pci_device_id tn_ids[] = {
	{ PCI_VDEVICE(XILINX, 0x9a10) },
	{ }
};
MODULE_DEVICE_TABLE(pci, tn_ids);

static struct pci_driver tn_pci_driver = {
	.name = "tensilon",
	.id_table = tn_ids,
	.probe = tn_probe,
	.remove = tn_remove,
};
module_pci_driver(tn_pci_driver);

MODULE_DESCRIPTION("Tensilon inference card");
MODULE_LICENSE("GPL");
