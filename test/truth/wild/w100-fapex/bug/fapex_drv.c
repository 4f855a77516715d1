// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/pci.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "fapex.h"

#define FAPEX_BAR_APER	2

DEFINE_DRM_GEM_FOPS(fapex_fops);

static const struct drm_driver fapex_drm_driver = {
	.driver_features = DRIVER_GEM,
	.dumb_create = fapex_dumb_create,
	.fops = &fapex_fops,
	.name = "fapex",
	.desc = "Fapex frame grabber aperture",
	.major = 1,
};

static struct fapex_aper *fapex_aper_map(struct pci_dev *pdev, int bar)
{
	struct fapex_aper *aper;

	aper = devm_kzalloc(&pdev->dev, sizeof(*aper), GFP_KERNEL);
	if (!aper)
		return ERR_PTR(-ENOMEM);

	aper->phys = pci_resource_start(pdev, bar);
	aper->size = pci_resource_len(pdev, bar);
	aper->wc = pci_resource_flags(pdev, bar) & IORESOURCE_PREFETCH;
	if (!aper->size)
		return ERR_PTR(-ENODEV);

	aper->map = devm_ioremap_wc(&pdev->dev, aper->phys, aper->size);
	if (!aper->map)
		return ERR_PTR(-ENOMEM);

	return aper;
}

static int fapex_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct fapex_device *fdev;
	int ret;

	fdev = devm_drm_dev_alloc(&pdev->dev, &fapex_drm_driver, struct fapex_device, drm);
	if (IS_ERR(fdev))
		return PTR_ERR(fdev);
	pci_set_drvdata(pdev, fdev);

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = pcim_request_all_regions(pdev, "fapex");
	if (ret)
		return ret;

	fdev->aper = fapex_aper_map(pdev, FAPEX_BAR_APER);
	if (IS_ERR(fdev->aper))
		return PTR_ERR(fdev->aper);

	ret = fapex_mm_init(fdev);
	if (ret)
		return ret;

	return drm_dev_register(&fdev->drm, 0);
}

static void fapex_pci_remove(struct pci_dev *pdev)
{
	struct fapex_device *fdev = pci_get_drvdata(pdev);

	drm_dev_unplug(&fdev->drm);
}

static const struct pci_device_id fapex_pci_ids[] = {
	{ PCI_DEVICE(0x1d9b, 0x0a10) },
	{ PCI_DEVICE(0x1d9b, 0x0a11) },
	{ }
};
MODULE_DEVICE_TABLE(pci, fapex_pci_ids);

static struct pci_driver fapex_pci_driver = {
	.name = "fapex",
	.id_table = fapex_pci_ids,
	.probe = fapex_pci_probe,
	.remove = fapex_pci_remove,
};
module_pci_driver(fapex_pci_driver);

MODULE_DESCRIPTION("Fapex frame grabber aperture driver");
MODULE_LICENSE("GPL");
