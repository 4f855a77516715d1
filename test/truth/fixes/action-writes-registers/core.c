#include <linux/io.h>
#include <linux/pci.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

struct acme;
struct acme_ops {
	void (*halt)(struct acme *acme);
};

struct acme {
	struct drm_device drm;
	void __iomem *bar;
	const struct acme_ops *ops;
};

static void acme_halt_v1(struct acme *acme)
{
	writel(0, acme->bar + 0x10);
}

static const struct acme_ops acme_v1 = {
	.halt = acme_halt_v1,
};


static const struct drm_driver acme_driver = {
	.driver_features = DRIVER_GEM,
	
};

static void acme_quiesce(struct drm_device *drm, void *data)
{
	struct acme *acme = data;

	acme->ops->halt(acme);
}

static void acme_unmap(struct drm_device *drm, void *data)
{
	iounmap(data);
}

static int acme_map(struct acme *acme, struct pci_dev *pdev)
{
	acme->bar = ioremap(pci_resource_start(pdev, 0), 0x1000);
	if (!acme->bar)
		return -ENOMEM;

	return drmm_add_action_or_reset(&acme->drm, acme_unmap, acme->bar);
}

static int acme_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct acme *acme;
	int ret;

	acme = devm_drm_dev_alloc(&pdev->dev, &acme_driver, struct acme, drm);
	if (IS_ERR(acme))
		return PTR_ERR(acme);

	acme->ops = &acme_v1;
	ret = acme_map(acme, pdev);
	if (ret)
		return ret;

	ret = drmm_add_action_or_reset(&acme->drm, acme_quiesce, acme);
	if (ret)
		return ret;

	pci_set_drvdata(pdev, acme);
	return drm_dev_register(&acme->drm, 0);
}

static void acme_remove(struct pci_dev *pdev)
{
	struct acme *acme = pci_get_drvdata(pdev);

	drm_dev_unplug(&acme->drm);
}

static struct pci_driver acme_pci = {
	.name = "acme",
	.probe = acme_probe,
	.remove = acme_remove,
};
module_pci_driver(acme_pci);
