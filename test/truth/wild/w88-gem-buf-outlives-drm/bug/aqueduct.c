// SPDX-License-Identifier: MIT
/* DRM device with an export of its own: a scratch page of the device goes out as a dma-buf. */
#include <linux/dma-buf.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct aqueduct {
	struct drm_device drm;
	struct page *scratch;
	atomic_t users;
};

struct drm_aqueduct_export {
	__s32 fd;
	__u32 pad;
};

#define DRM_IOCTL_AQUEDUCT_EXPORT	DRM_IOR(DRM_COMMAND_BASE, struct drm_aqueduct_export)

#define to_aqueduct(d)	container_of(d, struct aqueduct, drm)

static struct sg_table *aqueduct_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct aqueduct *aqueduct = at->dmabuf->priv;
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	if (sg_alloc_table(sgt, 1, GFP_KERNEL))
		goto free;
	sg_set_page(sgt->sgl, aqueduct->scratch, PAGE_SIZE, 0);
	if (dma_map_sgtable(at->dev, sgt, dir, 0))
		goto free_table;
	return sgt;

free_table:
	sg_free_table(sgt);
free:
	kfree(sgt);
	return ERR_PTR(-ENOMEM);
}

static void aqueduct_unmap(struct dma_buf_attachment *at, struct sg_table *sgt,
			   enum dma_data_direction dir)
{
	dma_unmap_sgtable(at->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void aqueduct_release(struct dma_buf *buf)
{
	struct aqueduct *aqueduct = buf->priv;

	atomic_dec(&aqueduct->users);
	drm_dbg(&aqueduct->drm, "export ends\n");
}

static const struct dma_buf_ops aqueduct_buf_ops = {
	.map_dma_buf = aqueduct_map,
	.unmap_dma_buf = aqueduct_unmap,
	.release = aqueduct_release,
};

static int aqueduct_export(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct aqueduct *aqueduct = to_aqueduct(drm);
	struct dma_buf_export_info info = {
		.exp_name = "aqueduct",
		.owner = THIS_MODULE,
		.ops = &aqueduct_buf_ops,
		.size = PAGE_SIZE,
		.flags = O_RDWR,
		.priv = aqueduct,
	};
	struct drm_aqueduct_export *args = data;
	struct dma_buf *buf;

	buf = dma_buf_export(&info);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	atomic_inc(&aqueduct->users);
	args->fd = dma_buf_fd(buf, O_CLOEXEC);
	if (args->fd < 0) {
		dma_buf_put(buf);
		return args->fd;
	}
	return 0;
}

static const struct drm_ioctl_desc aqueduct_ioctls[] = {
	DRM_IOCTL_DEF_DRV(AQUEDUCT_EXPORT, aqueduct_export, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(aqueduct_fops);

static const struct drm_driver aqueduct_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &aqueduct_fops,
	.ioctls = aqueduct_ioctls,
	.num_ioctls = ARRAY_SIZE(aqueduct_ioctls),
	.name = "aqueduct",
	.desc = "Aqueduct",
};

static void aqueduct_free_scratch(struct drm_device *drm, void *data)
{
	__free_page(data);
}

static int aqueduct_probe(struct platform_device *pdev)
{
	struct aqueduct *aqueduct;
	int ret;

	aqueduct = devm_drm_dev_alloc(&pdev->dev, &aqueduct_drm, struct aqueduct, drm);
	if (IS_ERR(aqueduct))
		return PTR_ERR(aqueduct);
	platform_set_drvdata(pdev, aqueduct);
	aqueduct->scratch = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!aqueduct->scratch)
		return -ENOMEM;
	ret = drmm_add_action_or_reset(&aqueduct->drm, aqueduct_free_scratch, aqueduct->scratch);
	if (ret)
		return ret;
	return drm_dev_register(&aqueduct->drm, 0);
}

static void aqueduct_remove(struct platform_device *pdev)
{
	struct aqueduct *aqueduct = platform_get_drvdata(pdev);

	drm_dev_unplug(&aqueduct->drm);
}

static const struct of_device_id aqueduct_of_match[] = {
	{ .compatible = "weir,aqueduct" },
	{ }
};
MODULE_DEVICE_TABLE(of, aqueduct_of_match);

static struct platform_driver aqueduct_driver = {
	.probe = aqueduct_probe,
	.remove = aqueduct_remove,
	.driver = { .name = "aqueduct", .of_match_table = aqueduct_of_match },
};
module_platform_driver(aqueduct_driver);

MODULE_DESCRIPTION("Aqueduct");
MODULE_LICENSE("GPL");
