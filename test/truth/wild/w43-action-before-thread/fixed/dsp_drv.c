#include "dsp.h"
static int dsp_poll(void *arg)
{
	struct dsp *dsp = arg;
	while (!kthread_should_stop())
		msleep(10);
	return 0;
}
static void dsp_stop_poller(struct dsp *dsp)
{
	kthread_stop(dsp->poller);
}
static void dsp_stop_all(struct drm_device *drm, void *arg)
{
	dsp_stop_poller(arg);
}
static int dsp_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dsp *dsp;
	int ret;

	dsp = devm_drm_dev_alloc(&pdev->dev, &dsp_driver, struct dsp, drm);
	if (IS_ERR(dsp))
		return PTR_ERR(dsp);
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	dsp->poller = kthread_run(dsp_poll, dsp, "dsp");
	if (IS_ERR(dsp->poller))
		return PTR_ERR(dsp->poller);
	ret = dsp_on_put(dsp, dsp_stop_all);
	if (ret)
		return ret;
	return drm_dev_register(&dsp->drm, 0);
}
static void dsp_remove(struct pci_dev *pdev)
{
	struct dsp *dsp = pci_get_drvdata(pdev);

	drm_dev_unplug(&dsp->drm);
}
static struct pci_driver dsp_pci = {
	.name = "dsp",
	.probe = dsp_probe,
	.remove = dsp_remove,
};
module_pci_driver(dsp_pci);
