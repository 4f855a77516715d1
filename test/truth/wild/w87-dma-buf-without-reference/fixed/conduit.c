// SPDX-License-Identifier: MIT
/* Frame memory of a grabber, handed to others as dma-bufs. */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define CONDUIT_ORDER	4
#define CONDUIT_SIZE	(PAGE_SIZE << CONDUIT_ORDER)

struct conduit {
	struct kref ref;
	struct miscdevice misc;
	struct page *frame;
	u32 exported;
};

static void conduit_free(struct kref *ref)
{
	struct conduit *conduit = container_of(ref, struct conduit, ref);

	__free_pages(conduit->frame, CONDUIT_ORDER);
	kfree(conduit);
}

static struct sg_table *conduit_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct conduit *conduit = at->dmabuf->priv;
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	int ret;

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table(sgt, 1, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}
	sg_set_page(sgt->sgl, conduit->frame, CONDUIT_SIZE, 0);
	ret = dma_map_sgtable(at->dev, sgt, dir, 0);
	if (ret) {
		sg_free_table(sgt);
		kfree(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}

static void conduit_unmap(struct dma_buf_attachment *at, struct sg_table *sgt,
			  enum dma_data_direction dir)
{
	dma_unmap_sgtable(at->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void conduit_buf_release(struct dma_buf *buf)
{
	struct conduit *conduit = buf->priv;

	conduit->exported--;
	kref_put(&conduit->ref, conduit_free);
}

static const struct dma_buf_ops conduit_buf_ops = {
	.map_dma_buf = conduit_map,
	.unmap_dma_buf = conduit_unmap,
	.release = conduit_buf_release,
};

static long conduit_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct conduit *conduit = filp->private_data;
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *buf;

	info.ops = &conduit_buf_ops;
	info.size = CONDUIT_SIZE;
	info.flags = O_RDWR;
	info.priv = conduit;
	buf = dma_buf_export(&info);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	conduit->exported++;
	kref_get(&conduit->ref);
	return dma_buf_fd(buf, O_CLOEXEC);
}

static int conduit_open(struct inode *inode, struct file *filp)
{
	struct conduit *conduit = container_of(filp->private_data, struct conduit, misc);

	kref_get(&conduit->ref);
	filp->private_data = conduit;
	return 0;
}

static int conduit_close(struct inode *inode, struct file *filp)
{
	struct conduit *conduit = filp->private_data;

	kref_put(&conduit->ref, conduit_free);
	return 0;
}

static const struct file_operations conduit_fops = {
	.owner = THIS_MODULE,
	.open = conduit_open,
	.release = conduit_close,
	.unlocked_ioctl = conduit_ioctl,
};

static int conduit_probe(struct platform_device *pdev)
{
	struct conduit *conduit;
	int ret;

	conduit = kzalloc(sizeof(*conduit), GFP_KERNEL);
	if (!conduit)
		return -ENOMEM;
	kref_init(&conduit->ref);
	conduit->frame = alloc_pages(GFP_KERNEL | __GFP_ZERO, CONDUIT_ORDER);
	if (!conduit->frame) {
		kfree(conduit);
		return -ENOMEM;
	}
	conduit->misc.minor = MISC_DYNAMIC_MINOR;
	conduit->misc.name = "conduit";
	conduit->misc.fops = &conduit_fops;
	ret = misc_register(&conduit->misc);
	if (ret) {
		kref_put(&conduit->ref, conduit_free);
		return ret;
	}
	platform_set_drvdata(pdev, conduit);
	return 0;
}

static void conduit_remove(struct platform_device *pdev)
{
	struct conduit *conduit = platform_get_drvdata(pdev);

	misc_deregister(&conduit->misc);
	kref_put(&conduit->ref, conduit_free);
}

static const struct of_device_id conduit_of_match[] = {
	{ .compatible = "weir,conduit" },
	{ }
};
MODULE_DEVICE_TABLE(of, conduit_of_match);

static struct platform_driver conduit_driver = {
	.probe = conduit_probe,
	.remove = conduit_remove,
	.driver = { .name = "conduit", .of_match_table = conduit_of_match },
};
module_platform_driver(conduit_driver);

MODULE_DESCRIPTION("Conduit grabber");
MODULE_LICENSE("GPL");
