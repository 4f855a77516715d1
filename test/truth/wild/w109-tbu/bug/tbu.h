/* SPDX-License-Identifier: MIT */
#ifndef __TBU_H__
#define __TBU_H__

#include <linux/list.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>
#include <drm/drm_gem.h>
#include <drm/drm_mm.h>

struct iommu_domain;

#define TBU_VA_BASE	0x10000000UL
#define TBU_VA_SIZE	0x70000000UL

struct tbu_aspace {
	struct mutex lock;		/* mm, mapped */
	struct drm_mm mm;
	struct list_head mapped;
	struct iommu_domain *domain;
};

struct tbu_device {
	struct drm_device drm;
	struct tbu_aspace as;
};

struct tbu_bo {
	struct drm_gem_object base;
	struct drm_mm_node va;
	struct list_head link;
	struct page **pages;
};

#define to_tbu(d)	container_of(d, struct tbu_device, drm)
#define to_tbu_bo(o)	container_of(o, struct tbu_bo, base)

int tbu_aspace_init(struct tbu_device *tdev);
int tbu_aspace_map(struct tbu_device *tdev, struct tbu_bo *bo);
void tbu_aspace_unmap(struct tbu_device *tdev, struct tbu_bo *bo);
struct tbu_bo *tbu_bo_create(struct tbu_device *tdev, size_t size);

#endif
