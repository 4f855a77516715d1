#include <linux/mm.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_mode.h>

#include "gv.h"

static vm_fault_t gv_gem_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct gv_bo *bo = to_gv_bo(vma->vm_private_data);
	pgoff_t index = (vmf->address - vma->vm_start) >> PAGE_SHIFT;
	struct page *page;

	page = bo->backing->lookup(bo, index);
	if (!page)
		return VM_FAULT_SIGBUS;

	get_page(page);
	vmf->page = page;

	return 0;
}

static const struct vm_operations_struct gv_vm_ops = {
	.fault = gv_gem_fault,
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
};

static int gv_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static void gv_gem_free(struct drm_gem_object *obj)
{
	struct gv_bo *bo = to_gv_bo(obj);

	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs gv_gem_funcs = {
	.free = gv_gem_free,
	.mmap = gv_gem_mmap,
	.vm_ops = &gv_vm_ops,
};

int gv_dumb_create(struct drm_file *file, struct drm_device *drm,
		   struct drm_mode_create_dumb *args)
{
	struct gv_bo *bo;
	int ret;

	args->pitch = ALIGN(args->width * DIV_ROUND_UP(args->bpp, 8), 64);
	args->size = PAGE_ALIGN((u64)args->pitch * args->height);

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return -ENOMEM;
	bo->backing = &gv_aperture_backing;
	bo->base.funcs = &gv_gem_funcs;
	drm_gem_private_object_init(drm, &bo->base, args->size);

	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);

	return ret;
}
