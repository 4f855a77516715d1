// SPDX-License-Identifier: MIT
/* One character device per ink level probe. An open file outlives the platform device. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define INKWELL_LEVEL	0x00
#define INKWELL_MAX	16

struct inkwell {
	struct device dev;
	struct cdev cdev;
	struct rw_semaphore gone_lock;	/* base, NULL while there is no hardware */
	void __iomem *base;
	u32 *curve;
	int id;
};

static dev_t inkwell_devt;
static DEFINE_IDA(inkwell_ida);

static int inkwell_open(struct inode *inode, struct file *file)
{
	/* cdev_device_add() made the device the parent of the cdev, which holds it for us */
	file->private_data = container_of(inode->i_cdev, struct inkwell, cdev);
	return nonseekable_open(inode, file);
}

static ssize_t inkwell_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct inkwell *ink = file->private_data;
	u32 level;

	if (len < sizeof(level))
		return -EINVAL;

	down_read(&ink->gone_lock);
	if (!ink->base) {
		up_read(&ink->gone_lock);
		return -ENODEV;
	}
	level = ink->curve[readl(ink->base + INKWELL_LEVEL) & 0xff];
	up_read(&ink->gone_lock);

	return copy_to_user(buf, &level, sizeof(level)) ? -EFAULT : sizeof(level);
}

static const struct file_operations inkwell_fops = {
	.owner = THIS_MODULE,
	.open = inkwell_open,
	.read = inkwell_read,
};

static void inkwell_release(struct device *dev)
{
	struct inkwell *ink = container_of(dev, struct inkwell, dev);

	ida_free(&inkwell_ida, ink->id);
	kfree(ink->curve);
	kfree(ink);
}

static int inkwell_probe(struct platform_device *pdev)
{
	void __iomem *base;
	struct inkwell *ink;
	int i, ret;

	base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(base))
		return PTR_ERR(base);

	ink = kzalloc(sizeof(*ink), GFP_KERNEL);
	if (!ink)
		return -ENOMEM;
	ink->id = ida_alloc_max(&inkwell_ida, INKWELL_MAX - 1, GFP_KERNEL);
	if (ink->id < 0) {
		ret = ink->id;
		kfree(ink);
		return ret;
	}
	init_rwsem(&ink->gone_lock);

	/* inkwell_release() does the rest of the cleaning from here on */
	device_initialize(&ink->dev);
	ink->dev.parent = &pdev->dev;
	ink->dev.release = inkwell_release;
	ink->dev.devt = MKDEV(MAJOR(inkwell_devt), ink->id);
	ret = dev_set_name(&ink->dev, "inkwell%d", ink->id);
	if (ret)
		goto err_put;

	ink->curve = kcalloc(256, sizeof(*ink->curve), GFP_KERNEL);
	if (!ink->curve) {
		ret = -ENOMEM;
		goto err_put;
	}
	for (i = 0; i < 256; i++)
		ink->curve[i] = i * i / 64;

	cdev_init(&ink->cdev, &inkwell_fops);
	ink->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&ink->cdev, &ink->dev);
	if (ret)
		goto err_put;

	platform_set_drvdata(pdev, ink);
	down_write(&ink->gone_lock);
	ink->base = base;
	up_write(&ink->gone_lock);
	return 0;

err_put:
	put_device(&ink->dev);
	return ret;
}

static void inkwell_remove(struct platform_device *pdev)
{
	struct inkwell *ink = platform_get_drvdata(pdev);

	cdev_device_del(&ink->cdev, &ink->dev);

	down_write(&ink->gone_lock);
	ink->base = NULL;
	up_write(&ink->gone_lock);

	put_device(&ink->dev);
}

static const struct of_device_id inkwell_of_match[] = {
	{ .compatible = "scribe,inkwell" },
	{ }
};
MODULE_DEVICE_TABLE(of, inkwell_of_match);

static struct platform_driver inkwell_driver = {
	.probe = inkwell_probe,
	.remove = inkwell_remove,
	.driver = { .name = "inkwell", .of_match_table = inkwell_of_match },
};

static int __init inkwell_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&inkwell_devt, 0, INKWELL_MAX, "inkwell");
	if (ret)
		return ret;
	ret = platform_driver_register(&inkwell_driver);
	if (ret)
		unregister_chrdev_region(inkwell_devt, INKWELL_MAX);
	return ret;
}
module_init(inkwell_init);

static void __exit inkwell_exit(void)
{
	platform_driver_unregister(&inkwell_driver);
	unregister_chrdev_region(inkwell_devt, INKWELL_MAX);
	ida_destroy(&inkwell_ida);
}
module_exit(inkwell_exit);

MODULE_DESCRIPTION("Ink level probe");
MODULE_LICENSE("GPL");
