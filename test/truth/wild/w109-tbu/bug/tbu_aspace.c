// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/iommu.h>
#include <drm/drm_managed.h>

#include "tbu.h"

static void tbu_aspace_mm_fini(struct drm_device *drm, void *data)
{
	struct tbu_aspace *as = data;

	drm_mm_takedown(&as->mm);
}

static void tbu_aspace_detach(void *data)
{
	struct tbu_device *tdev = data;
	struct tbu_aspace *as = &tdev->as;

	iommu_detach_device(as->domain, tdev->drm.dev);
	iommu_domain_free(as->domain);
}

int tbu_aspace_init(struct tbu_device *tdev)
{
	struct tbu_aspace *as = &tdev->as;
	struct device *dev = tdev->drm.dev;
	int ret;

	INIT_LIST_HEAD(&as->mapped);
	ret = drmm_mutex_init(&tdev->drm, &as->lock);
	if (ret)
		return ret;

	drm_mm_init(&as->mm, TBU_VA_BASE, TBU_VA_SIZE);
	ret = drmm_add_action_or_reset(&tdev->drm, tbu_aspace_mm_fini, as);
	if (ret)
		return ret;

	as->domain = iommu_paging_domain_alloc(dev);
	if (IS_ERR(as->domain))
		return PTR_ERR(as->domain);

	ret = iommu_attach_device(as->domain, dev);
	if (ret) {
		iommu_domain_free(as->domain);
		return ret;
	}

	return devm_add_action_or_reset(dev, tbu_aspace_detach, tdev);
}

int tbu_aspace_map(struct tbu_device *tdev, struct tbu_bo *bo)
{
	struct tbu_aspace *as = &tdev->as;
	size_t off;
	int ret;

	mutex_lock(&as->lock);
	ret = drm_mm_insert_node(&as->mm, &bo->va, bo->base.size);
	if (ret)
		goto out_unlock;

	for (off = 0; off < bo->base.size; off += PAGE_SIZE) {
		ret = iommu_map(as->domain, bo->va.start + off,
				page_to_phys(bo->pages[off >> PAGE_SHIFT]), PAGE_SIZE,
				IOMMU_READ | IOMMU_WRITE, GFP_KERNEL);
		if (ret)
			goto err_unmap;
	}

	list_add(&bo->link, &as->mapped);
	goto out_unlock;

err_unmap:
	if (off)
		iommu_unmap(as->domain, bo->va.start, off);
	drm_mm_remove_node(&bo->va);
out_unlock:
	mutex_unlock(&as->lock);
	return ret;
}

void tbu_aspace_unmap(struct tbu_device *tdev, struct tbu_bo *bo)
{
	struct tbu_aspace *as = &tdev->as;

	mutex_lock(&as->lock);
	if (!list_empty(&bo->link)) {
		iommu_unmap(as->domain, bo->va.start, bo->base.size);
		list_del_init(&bo->link);
	}
	if (drm_mm_node_allocated(&bo->va))
		drm_mm_remove_node(&bo->va);
	mutex_unlock(&as->lock);
}
