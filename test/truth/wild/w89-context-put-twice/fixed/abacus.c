// SPDX-License-Identifier: MIT
/* Counting engine: contexts are refcounted, each ioctl looks its context up. */
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

struct abacus {
	struct drm_device drm;
	void __iomem *regs;
};

struct abacus_file {
	struct xarray contexts;
};

struct abacus_context {
	struct kref ref;
	struct mutex lock;
	u32 *rods;
	u32 count;
};

struct drm_abacus_load {
	__u32 context;
	__u32 count;
	__u64 rods;
};

#define DRM_IOCTL_ABACUS_LOAD	DRM_IOW(DRM_COMMAND_BASE, struct drm_abacus_load)

static void abacus_context_free(struct kref *ref)
{
	struct abacus_context *context = container_of(ref, struct abacus_context, ref);

	kvfree(context->rods);
	kfree(context);
}

static void abacus_context_put(struct abacus_context *context)
{
	kref_put(&context->ref, abacus_context_free);
}

static struct abacus_context *abacus_context_get(struct abacus_file *priv, u32 id)
{
	struct abacus_context *context;

	xa_lock(&priv->contexts);
	context = xa_load(&priv->contexts, id);
	if (context)
		kref_get(&context->ref);
	xa_unlock(&priv->contexts);
	return context;
}

static int abacus_load(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct abacus_file *priv = file->driver_priv;
	struct drm_abacus_load *args = data;
	struct abacus_context *context;
	u32 *rods;
	int ret = 0;

	context = abacus_context_get(priv, args->context);
	if (!context)
		return -ENOENT;

	rods = vmemdup_array_user(u64_to_user_ptr(args->rods), args->count, sizeof(*rods));
	if (IS_ERR(rods)) {
		ret = PTR_ERR(rods);
		goto out;
	}
	mutex_lock(&context->lock);
	swap(context->rods, rods);
	context->count = args->count;
	mutex_unlock(&context->lock);
	kvfree(rods);
out:
	abacus_context_put(context);
	return ret;
}

static int abacus_open(struct drm_device *drm, struct drm_file *file)
{
	struct abacus_file *priv = kzalloc(sizeof(*priv), GFP_KERNEL);
	struct abacus_context *context;
	u32 id;
	int ret;

	if (!priv)
		return -ENOMEM;
	xa_init_flags(&priv->contexts, XA_FLAGS_ALLOC1);
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context) {
		kfree(priv);
		return -ENOMEM;
	}
	kref_init(&context->ref);
	mutex_init(&context->lock);
	ret = xa_alloc(&priv->contexts, &id, context, xa_limit_32b, GFP_KERNEL);
	if (ret) {
		abacus_context_put(context);
		kfree(priv);
		return ret;
	}
	file->driver_priv = priv;
	return 0;
}

static void abacus_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct abacus_file *priv = file->driver_priv;
	struct abacus_context *context;
	unsigned long id;

	xa_for_each(&priv->contexts, id, context)
		abacus_context_put(context);
	xa_destroy(&priv->contexts);
	kfree(priv);
}

static const struct drm_ioctl_desc abacus_ioctls[] = {
	DRM_IOCTL_DEF_DRV(ABACUS_LOAD, abacus_load, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(abacus_fops);

static const struct drm_driver abacus_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &abacus_fops,
	.open = abacus_open,
	.postclose = abacus_postclose,
	.ioctls = abacus_ioctls,
	.num_ioctls = ARRAY_SIZE(abacus_ioctls),
	.name = "abacus",
	.desc = "Abacus counting engine",
};

static int abacus_probe(struct platform_device *pdev)
{
	struct abacus *abacus;

	abacus = devm_drm_dev_alloc(&pdev->dev, &abacus_drm, struct abacus, drm);
	if (IS_ERR(abacus))
		return PTR_ERR(abacus);
	platform_set_drvdata(pdev, abacus);
	return drm_dev_register(&abacus->drm, 0);
}

static void abacus_remove(struct platform_device *pdev)
{
	struct abacus *abacus = platform_get_drvdata(pdev);

	drm_dev_unplug(&abacus->drm);
}

static const struct of_device_id abacus_of_match[] = {
	{ .compatible = "bead,abacus" },
	{ }
};
MODULE_DEVICE_TABLE(of, abacus_of_match);

static struct platform_driver abacus_driver = {
	.probe = abacus_probe,
	.remove = abacus_remove,
	.driver = { .name = "abacus", .of_match_table = abacus_of_match },
};
module_platform_driver(abacus_driver);

MODULE_DESCRIPTION("Abacus counting engine");
MODULE_LICENSE("GPL");
