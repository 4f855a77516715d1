#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/io.h>

#include "gv.h"

#define GV_APERTURE_PAGES	256
#define GV_PTE(n)		(0x1000 + (n) * 4)

int gv_aperture_init(struct gv_device *gv, struct device *dev)
{
	struct gv_aperture *ap;
	unsigned int i;

	ap = devm_kzalloc(dev, sizeof(*ap), GFP_KERNEL);
	if (!ap)
		return -ENOMEM;

	ap->pages = devm_kcalloc(dev, GV_APERTURE_PAGES, sizeof(*ap->pages), GFP_KERNEL);
	if (!ap->pages)
		return -ENOMEM;

	for (i = 0; i < GV_APERTURE_PAGES; i++) {
		unsigned long va = devm_get_free_pages(dev, GFP_KERNEL | __GFP_ZERO, 0);

		if (!va)
			return -ENOMEM;
		ap->pages[i] = virt_to_page((void *)va);
		writel(page_to_pfn(ap->pages[i]), gv->mmio + GV_PTE(i));
	}
	ap->count = GV_APERTURE_PAGES;
	gv->aperture = ap;

	return 0;
}

static struct page *gv_aperture_lookup(struct gv_bo *bo, pgoff_t index)
{
	struct gv_aperture *ap = to_gv(bo->base.dev)->aperture;

	index += bo->first;
	if (index >= ap->count)
		return NULL;

	return ap->pages[index];
}

const struct gv_backing gv_aperture_backing = {
	.name = "aperture",
	.lookup = gv_aperture_lookup,
};
