// SPDX-License-Identifier: MIT
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "mtrig.h"

void mtrig_free(struct kref *kref)
{
	kfree(container_of(kref, struct mtrig, kref));
}

static int mtrig_open(struct inode *inode, struct file *file)
{
	struct mtrig *mt = container_of(file->private_data, struct mtrig, misc);

	/* misc_open() holds misc_mtx, so misc_deregister() waits for us */
	kref_get(&mt->kref);
	file->private_data = mt;

	return 0;
}

static int mtrig_release(struct inode *inode, struct file *file)
{
	struct mtrig *mt = file->private_data;

	kref_put(&mt->kref, mtrig_free);

	return 0;
}

static ssize_t mtrig_read(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct mtrig *mt = file->private_data;
	u32 val;

	if (count < sizeof(val))
		return -EINVAL;

	mutex_lock(&mt->lock);
	if (!mt->base) {
		mutex_unlock(&mt->lock);
		return -ENODEV;
	}
	val = readl(mt->base + MTRIG_COUNT);
	mutex_unlock(&mt->lock);

	if (copy_to_user(buf, &val, sizeof(val)))
		return -EFAULT;

	return sizeof(val);
}

static ssize_t mtrig_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct mtrig *mt = file->private_data;
	ssize_t ret = count;

	mutex_lock(&mt->lock);
	if (mt->base)
		writel(1, mt->base + MTRIG_FIRE);
	else
		ret = -ENODEV;
	mutex_unlock(&mt->lock);

	return ret;
}

const struct file_operations mtrig_fops = {
	.owner = THIS_MODULE,
	.open = mtrig_open,
	.release = mtrig_release,
	.read = mtrig_read,
	.write = mtrig_write,
};
