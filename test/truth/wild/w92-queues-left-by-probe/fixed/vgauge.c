// SPDX-License-Identifier: MIT
/* Gauges of the host: one queue for questions, one for events. */
#include <linux/completion.h>
#include <linux/hwmon.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

#define VIRTIO_ID_GAUGE	62

struct vgauge_event {
	__le32 gauge;
	__le32 value;
};

struct vgauge {
	struct virtio_device *vdev;
	struct virtqueue *vqs[2];
	struct completion answered;
	struct vgauge_event *event;
	struct device *hwmon;
};

static void vgauge_answered(struct virtqueue *vq)
{
	struct vgauge *vgauge = vq->vdev->priv;

	complete(&vgauge->answered);
}

static void vgauge_event(struct virtqueue *vq)
{
	struct vgauge *vgauge = vq->vdev->priv;
	unsigned int len;

	while (virtqueue_get_buf(vq, &len))
		dev_info(&vgauge->vdev->dev, "gauge %u\n", le32_to_cpu(vgauge->event->gauge));
}

static int vgauge_queues(struct vgauge *vgauge)
{
	struct virtqueue_info info[] = {
		{ "questions", vgauge_answered },
		{ "events", vgauge_event },
	};

	return virtio_find_vqs(vgauge->vdev, 2, vgauge->vqs, info, NULL);
}

static umode_t vgauge_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int channel)
{
	return 0444;
}

static int vgauge_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
		       long *val)
{
	struct vgauge *vgauge = dev_get_drvdata(dev);

	*val = le32_to_cpu(vgauge->event->value);
	return 0;
}

static const struct hwmon_ops vgauge_hwmon_ops = {
	.is_visible = vgauge_visible,
	.read = vgauge_read,
};

static const struct hwmon_channel_info * const vgauge_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT),
	NULL
};

static const struct hwmon_chip_info vgauge_chip = {
	.ops = &vgauge_hwmon_ops,
	.info = vgauge_info,
};

static int vgauge_probe(struct virtio_device *vdev)
{
	struct vgauge *vgauge;
	struct scatterlist sg;
	int ret;

	vgauge = kzalloc(sizeof(*vgauge), GFP_KERNEL);
	if (!vgauge)
		return -ENOMEM;
	vgauge->vdev = vdev;
	vdev->priv = vgauge;
	init_completion(&vgauge->answered);
	vgauge->event = kzalloc(sizeof(*vgauge->event), GFP_KERNEL);
	if (!vgauge->event) {
		ret = -ENOMEM;
		goto err_free;
	}
	ret = vgauge_queues(vgauge);
	if (ret)
		goto err_event;
	virtio_device_ready(vdev);

	sg_init_one(&sg, vgauge->event, sizeof(*vgauge->event));
	ret = virtqueue_add_inbuf(vgauge->vqs[1], &sg, 1, vgauge->event, GFP_KERNEL);
	if (ret)
		goto err_queues;
	vgauge->hwmon = hwmon_device_register_with_info(&vdev->dev, "vgauge", vgauge,
							&vgauge_chip, NULL);
	if (IS_ERR(vgauge->hwmon)) {
		ret = PTR_ERR(vgauge->hwmon);
		goto err_queues;
	}
	return 0;

err_queues:
	virtio_reset_device(vdev);
	vdev->config->del_vqs(vdev);
err_event:
	kfree(vgauge->event);
err_free:
	kfree(vgauge);
	return ret;
}

static void vgauge_remove(struct virtio_device *vdev)
{
	struct vgauge *vgauge = vdev->priv;

	hwmon_device_unregister(vgauge->hwmon);
	virtio_reset_device(vdev);
	vdev->config->del_vqs(vdev);
	kfree(vgauge->event);
	kfree(vgauge);
}

static const struct virtio_device_id vgauge_ids[] = {
	{ VIRTIO_ID_GAUGE, VIRTIO_DEV_ANY_ID },
	{ }
};
MODULE_DEVICE_TABLE(virtio, vgauge_ids);

static struct virtio_driver vgauge_driver = {
	.driver.name = "vgauge",
	.id_table = vgauge_ids,
	.probe = vgauge_probe,
	.remove = vgauge_remove,
};
module_virtio_driver(vgauge_driver);

MODULE_DESCRIPTION("Gauges of the host");
MODULE_LICENSE("GPL");
