#include <linux/module.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "gv.h"

DEFINE_DRM_GEM_FOPS(gv_fops);

static const struct drm_driver gv_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &gv_fops,
	.dumb_create = gv_dumb_create,
	.name = "gvision",
	.desc = "GVision capture bridge",
	.major = 1,
};

static int gv_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct gv_device *gv;
	int ret;

	gv = devm_drm_dev_alloc(&pdev->dev, &gv_driver, struct gv_device, drm);
	if (IS_ERR(gv))
		return PTR_ERR(gv);
	pci_set_drvdata(pdev, gv);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	gv->mmio = pcim_iomap(pdev, 0, 0);
	if (!gv->mmio)
		return -ENOMEM;

	ret = gv_aperture_init(gv, &pdev->dev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "no aperture\n");

	return drm_dev_register(&gv->drm, 0);
}

static void gv_pci_remove(struct pci_dev *pdev)
{
	struct gv_device *gv = pci_get_drvdata(pdev);

	drm_dev_unplug(&gv->drm);
}

static const struct pci_device_id gv_ids[] = {
	{ PCI_DEVICE(0x1ae0, 0x7701) },
	{ }
};
MODULE_DEVICE_TABLE(pci, gv_ids);

static struct pci_driver gv_pci_driver = {
	.name = "gvision",
	.id_table = gv_ids,
	.probe = gv_pci_probe,
	.remove = gv_pci_remove,
};
module_pci_driver(gv_pci_driver);

MODULE_DESCRIPTION("GVision capture bridge");
MODULE_LICENSE("GPL");
