// SPDX-License-Identifier: MIT
/* Memory mapped FM receiver block, one V4L2 radio node. */
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-fh.h>
#include <media/v4l2-ioctl.h>

#define LARKFM_FREQ	0x00
#define LARKFM_POWER	0x04
#define LARKFM_RSSI	0x08

#define LARKFM_LOW	(87500 * 16)
#define LARKFM_HIGH	(108000 * 16)

struct larkfm {
	void __iomem *base;
	struct v4l2_device v4l2;
	struct video_device vdev;
	struct mutex lock;	/* serialises the ioctls */
	u32 freq;
};

static int larkfm_querycap(struct file *file, void *fh, struct v4l2_capability *cap)
{
	strscpy(cap->driver, "larkfm", sizeof(cap->driver));
	strscpy(cap->card, "Lark FM", sizeof(cap->card));
	return 0;
}

static int larkfm_g_tuner(struct file *file, void *fh, struct v4l2_tuner *t)
{
	struct larkfm *fm = video_drvdata(file);

	if (t->index)
		return -EINVAL;
	strscpy(t->name, "FM", sizeof(t->name));
	t->type = V4L2_TUNER_RADIO;
	t->capability = V4L2_TUNER_CAP_LOW;
	t->rangelow = LARKFM_LOW;
	t->rangehigh = LARKFM_HIGH;
	t->signal = readl(fm->base + LARKFM_RSSI) & 0xffff;
	return 0;
}

static int larkfm_s_tuner(struct file *file, void *fh, const struct v4l2_tuner *t)
{
	return t->index ? -EINVAL : 0;
}

static int larkfm_g_frequency(struct file *file, void *fh, struct v4l2_frequency *f)
{
	struct larkfm *fm = video_drvdata(file);

	if (f->tuner)
		return -EINVAL;
	f->type = V4L2_TUNER_RADIO;
	f->frequency = fm->freq;
	return 0;
}

static int larkfm_s_frequency(struct file *file, void *fh, const struct v4l2_frequency *f)
{
	struct larkfm *fm = video_drvdata(file);

	if (f->tuner || f->type != V4L2_TUNER_RADIO)
		return -EINVAL;
	fm->freq = clamp_t(u32, f->frequency, LARKFM_LOW, LARKFM_HIGH);
	writel(fm->freq, fm->base + LARKFM_FREQ);
	return 0;
}

static const struct v4l2_ioctl_ops larkfm_ioctl_ops = {
	.vidioc_querycap = larkfm_querycap,
	.vidioc_g_tuner = larkfm_g_tuner,
	.vidioc_s_tuner = larkfm_s_tuner,
	.vidioc_g_frequency = larkfm_g_frequency,
	.vidioc_s_frequency = larkfm_s_frequency,
};

static const struct v4l2_file_operations larkfm_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = v4l2_fh_release,
	.unlocked_ioctl = video_ioctl2,
};

static void larkfm_init_node(struct larkfm *fm)
{
	struct video_device *vdev = &fm->vdev;

	strscpy(vdev->name, "larkfm", sizeof(vdev->name));
	vdev->v4l2_dev = &fm->v4l2;
	vdev->fops = &larkfm_fops;
	vdev->ioctl_ops = &larkfm_ioctl_ops;
	vdev->device_caps = V4L2_CAP_TUNER | V4L2_CAP_RADIO;
	vdev->lock = &fm->lock;
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, fm);
}

static int larkfm_probe(struct platform_device *pdev)
{
	void __iomem *base;
	struct larkfm *fm;
	int ret;

	base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(base))
		return PTR_ERR(base);

	fm = devm_kzalloc(&pdev->dev, sizeof(*fm), GFP_KERNEL);
	if (!fm)
		return -ENOMEM;
	fm->base = base;
	fm->freq = LARKFM_LOW;
	mutex_init(&fm->lock);
	platform_set_drvdata(pdev, fm);

	ret = v4l2_device_register(&pdev->dev, &fm->v4l2);
	if (ret)
		return ret;

	larkfm_init_node(fm);
	writel(1, fm->base + LARKFM_POWER);
	ret = video_register_device(&fm->vdev, VFL_TYPE_RADIO, -1);
	if (ret) {
		writel(0, fm->base + LARKFM_POWER);
		v4l2_device_unregister(&fm->v4l2);
	}
	return ret;
}

static void larkfm_remove(struct platform_device *pdev)
{
	struct larkfm *fm = platform_get_drvdata(pdev);

	/* under the lock no ioctl is inside, and later ones see an unregistered node */
	mutex_lock(&fm->lock);
	v4l2_device_disconnect(&fm->v4l2);
	video_unregister_device(&fm->vdev);
	writel(0, fm->base + LARKFM_POWER);
	mutex_unlock(&fm->lock);
	v4l2_device_unregister(&fm->v4l2);
}

static const struct of_device_id larkfm_of_match[] = {
	{ .compatible = "meadow,lark-fm" },
	{ }
};
MODULE_DEVICE_TABLE(of, larkfm_of_match);

static struct platform_driver larkfm_driver = {
	.probe = larkfm_probe,
	.remove = larkfm_remove,
	.driver = { .name = "larkfm", .of_match_table = larkfm_of_match },
};
module_platform_driver(larkfm_driver);

MODULE_DESCRIPTION("Lark FM receiver");
MODULE_LICENSE("GPL");
