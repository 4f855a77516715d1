// SPDX-License-Identifier: MIT
/* Letters from the host: a virtqueue brings them, a work item reads them. */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/workqueue.h>

#define VIRTIO_ID_POST	61
#define VPOST_LETTER	256

struct vpost {
	struct virtio_device *vdev;
	struct virtqueue *vq;
	struct work_struct sort;
	void *letter;
};

static int vpost_refill(struct vpost *vpost)
{
	struct scatterlist sg;

	sg_init_one(&sg, vpost->letter, VPOST_LETTER);
	return virtqueue_add_inbuf(vpost->vq, &sg, 1, vpost->letter, GFP_KERNEL);
}

static void vpost_sort(struct work_struct *work)
{
	struct vpost *vpost = container_of(work, struct vpost, sort);
	unsigned int len;

	while (virtqueue_get_buf(vpost->vq, &len)) {
		dev_dbg(&vpost->vdev->dev, "letter of %u bytes\n", len);
		vpost_refill(vpost);
	}
	virtqueue_kick(vpost->vq);
}

static void vpost_arrived(struct virtqueue *vq)
{
	struct vpost *vpost = vq->vdev->priv;

	schedule_work(&vpost->sort);
}

static int vpost_probe(struct virtio_device *vdev)
{
	struct vpost *vpost;
	int ret;

	vpost = kzalloc(sizeof(*vpost), GFP_KERNEL);
	if (!vpost)
		return -ENOMEM;
	vpost->vdev = vdev;
	vdev->priv = vpost;
	INIT_WORK(&vpost->sort, vpost_sort);
	ret = -ENOMEM;
	vpost->letter = kmalloc(VPOST_LETTER, GFP_KERNEL);
	if (!vpost->letter)
		goto err_free;
	vpost->vq = virtio_find_single_vq(vdev, vpost_arrived, "letters");
	if (IS_ERR(vpost->vq)) {
		ret = PTR_ERR(vpost->vq);
		goto err_letter;
	}
	virtio_device_ready(vdev);
	vpost_refill(vpost);
	virtqueue_kick(vpost->vq);
	return 0;

err_letter:
	kfree(vpost->letter);
err_free:
	kfree(vpost);
	return ret;
}

static void vpost_remove(struct virtio_device *vdev)
{
	struct vpost *vpost = vdev->priv;

	virtio_reset_device(vdev);
	cancel_work_sync(&vpost->sort);
	vdev->config->del_vqs(vdev);
	kfree(vpost->letter);
	kfree(vpost);
}

static const struct virtio_device_id vpost_ids[] = {
	{ VIRTIO_ID_POST, VIRTIO_DEV_ANY_ID },
	{ }
};
MODULE_DEVICE_TABLE(virtio, vpost_ids);

static struct virtio_driver vpost_driver = {
	.driver.name = "vpost",
	.id_table = vpost_ids,
	.probe = vpost_probe,
	.remove = vpost_remove,
};
module_virtio_driver(vpost_driver);

MODULE_DESCRIPTION("Letters from the host");
MODULE_LICENSE("GPL");
