// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode.h>

#include "fapex.h"

static void fapex_mm_fini(struct drm_device *drm, void *ptr)
{
	drm_mm_takedown(ptr);
}

int fapex_mm_init(struct fapex_device *fdev)
{
	int ret;

	ret = drmm_mutex_init(&fdev->drm, &fdev->mm_lock);
	if (ret)
		return ret;

	drm_mm_init(&fdev->mm, 0, fdev->aper->size >> PAGE_SHIFT);
	return drmm_add_action_or_reset(&fdev->drm, fapex_mm_fini, &fdev->mm);
}

static vm_fault_t fapex_gem_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct drm_gem_object *obj = vma->vm_private_data;
	struct fapex_device *fdev = to_fapex(obj->dev);
	struct fapex_bo *bo = to_fapex_bo(obj);
	pgoff_t page = vmf->pgoff - drm_vma_node_start(&obj->vma_node);
	unsigned long pfn;
	vm_fault_t ret;
	int idx;

	if (page >= obj->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;

	if (!drm_dev_enter(obj->dev, &idx))
		return VM_FAULT_SIGBUS;

	pfn = PHYS_PFN(fdev->aper->phys) + bo->node.start + page;
	ret = vmf_insert_pfn(vma, vmf->address, pfn);
	drm_dev_exit(idx);

	return ret;
}

static const struct vm_operations_struct fapex_gem_vm_ops = {
	.fault = fapex_gem_fault,
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
};

static int fapex_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_writecombine(vm_get_page_prot(vma->vm_flags));
	vma->vm_ops = &fapex_gem_vm_ops;

	return 0;
}

static void fapex_gem_free(struct drm_gem_object *obj)
{
	struct fapex_device *fdev = to_fapex(obj->dev);
	struct fapex_bo *bo = to_fapex_bo(obj);

	mutex_lock(&fdev->mm_lock);
	if (drm_mm_node_allocated(&bo->node))
		drm_mm_remove_node(&bo->node);
	mutex_unlock(&fdev->mm_lock);

	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs fapex_gem_funcs = {
	.free = fapex_gem_free,
	.mmap = fapex_gem_mmap,
};

int fapex_dumb_create(struct drm_file *file, struct drm_device *drm,
		      struct drm_mode_create_dumb *args)
{
	struct fapex_device *fdev = to_fapex(drm);
	struct fapex_bo *bo;
	int idx, ret;

	args->pitch = ALIGN(args->width * DIV_ROUND_UP(args->bpp, 8), 64);
	args->size = PAGE_ALIGN((u64)args->pitch * args->height);

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return -ENOMEM;

	bo->base.funcs = &fapex_gem_funcs;
	drm_gem_private_object_init(drm, &bo->base, args->size);

	mutex_lock(&fdev->mm_lock);
	ret = drm_mm_insert_node(&fdev->mm, &bo->node, args->size >> PAGE_SHIFT);
	mutex_unlock(&fdev->mm_lock);
	if (ret)
		goto out_put;

	if (!drm_dev_enter(drm, &idx)) {
		ret = -ENODEV;
		goto out_put;
	}
	memset_io(fdev->aper->map + ((size_t)bo->node.start << PAGE_SHIFT), 0, args->size);
	drm_dev_exit(idx);

	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
out_put:
	drm_gem_object_put(&bo->base);
	return ret;
}
