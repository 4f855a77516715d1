#define VANE_RINGS 4
struct vane_ring {
	struct workqueue_struct *wq;
	void *log;
};
struct vane {
	struct drm_device drm;
	struct vane_ring ring[VANE_RINGS];
};
static int vane_ring_init(struct vane *vane, struct vane_ring *ring)
{
	ring->wq = alloc_workqueue("vane", 0, 0);
	if (!ring->wq)
		return -ENOMEM;
	ring->log = kzalloc(4096, GFP_KERNEL);
	if (!ring->log) {
		destroy_workqueue(ring->wq);
		return -ENOMEM;
	}
	return 0;
}
static void vane_ring_fini(struct vane_ring *ring)
{
	kfree(ring->log);
	destroy_workqueue(ring->wq);
}
static int vane_rings_init(struct vane *vane)
{
	int i, j, ret;

	for (i = 0; i < VANE_RINGS; i++) {
		ret = vane_ring_init(vane, &vane->ring[i]);
		if (ret)
			goto unwind;
	}
	return 0;
unwind:
	for (j = i; j >= 0; j--)
		vane_ring_fini(&vane->ring[j]);
	return ret;
}
static int vane_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vane *vane;
	int ret;

	vane = devm_drm_dev_alloc(&pdev->dev, &vane_driver, struct vane, drm);
	if (IS_ERR(vane))
		return PTR_ERR(vane);
	pci_set_drvdata(pdev, vane);
	ret = vane_rings_init(vane);
	if (ret)
		return ret;
	return 0;
}
static void vane_remove(struct pci_dev *pdev)
{
	struct vane *vane = pci_get_drvdata(pdev);
	int i;

	for (i = 0; i < VANE_RINGS; i++)
		vane_ring_fini(&vane->ring[i]);
}
static struct pci_driver vane_pci = {
	.probe = vane_probe,
	.remove = vane_remove,
};
module_pci_driver(vane_pci);

