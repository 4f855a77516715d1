#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>

#include "sg.h"

static struct sg_table *sg_dmabuf_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct sg_buffer *buf = at->dmabuf->priv;
	struct sg_table *table;
	dma_addr_t addr;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	if (sg_alloc_table(table, 1, GFP_KERNEL))
		goto free;

	addr = dma_map_resource(at->dev, buf->phys, buf->size, dir, 0);
	if (dma_mapping_error(at->dev, addr)) {
		sg_free_table(table);
		goto free;
	}
	sg_dma_address(table->sgl) = addr;
	sg_dma_len(table->sgl) = buf->size;

	return table;
free:
	kfree(table);
	return ERR_PTR(-ENOMEM);
}

static void sg_dmabuf_unmap(struct dma_buf_attachment *at, struct sg_table *table,
			    enum dma_data_direction dir)
{
	dma_unmap_resource(at->dev, sg_dma_address(table->sgl), sg_dma_len(table->sgl), dir, 0);
	sg_free_table(table);
	kfree(table);
}

static void sg_buffer_put(struct sg_buffer *buf)
{
	struct sg_device *sg = buf->sg;

	sg->heap.ops->free(&sg->heap, buf->phys, buf->size);
	kfree(buf);
	drm_dev_put(&sg->drm);
}

static void sg_dmabuf_release(struct dma_buf *dmabuf)
{
	sg_buffer_put(dmabuf->priv);
}

static const struct dma_buf_ops sg_dmabuf_ops = {
	.map_dma_buf = sg_dmabuf_map,
	.unmap_dma_buf = sg_dmabuf_unmap,
	.release = sg_dmabuf_release,
};

int sg_export(struct sg_device *sg, size_t size)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct sg_buffer *buf;
	struct dma_buf *dmabuf;
	int ret;

	buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	buf->sg = sg;
	buf->size = PAGE_ALIGN(size);
	ret = sg->heap.ops->alloc(&sg->heap, buf->size, &buf->phys);
	if (ret) {
		kfree(buf);
		return ret;
	}
	drm_dev_get(&sg->drm);

	info.ops = &sg_dmabuf_ops;
	info.size = buf->size;
	info.flags = O_RDWR | O_CLOEXEC;
	info.priv = buf;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		sg_buffer_put(buf);
		return PTR_ERR(dmabuf);
	}

	ret = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (ret < 0)
		dma_buf_put(dmabuf);
	return ret;
}
