// SPDX-License-Identifier: MIT
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "tagbox.h"

static int tagbox_open(struct inode *inode, struct file *file)
{
	struct tagbox *tb = container_of(file->private_data, struct tagbox, misc);

	file->private_data = tb;
	return stream_open(inode, file);
}

static ssize_t tagbox_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	struct tagbox *tb = file->private_data;
	ssize_t ret;

	len = min_t(size_t, len, TAGBOX_FRAME);

	mutex_lock(&tb->lock);
	if (!tb->spi) {
		ret = -ENODEV;
		goto unlock;
	}

	ret = spi_read(tb->spi, tb->frame, len);
	if (!ret)
		ret = copy_to_user(buf, tb->frame, len) ? -EFAULT : len;
unlock:
	mutex_unlock(&tb->lock);
	return ret;
}

static const struct file_operations tagbox_fops = {
	.owner = THIS_MODULE,
	.open = tagbox_open,
	.read = tagbox_read,
};

int tagbox_chr_add(struct tagbox *tb, struct device *parent)
{
	tb->misc.minor = MISC_DYNAMIC_MINOR;
	tb->misc.name = "tagbox";
	tb->misc.fops = &tagbox_fops;
	tb->misc.parent = parent;

	return misc_register(&tb->misc);
}

void tagbox_chr_del(struct tagbox *tb)
{
	misc_deregister(&tb->misc);

	mutex_lock(&tb->lock);
	tb->spi = NULL;
	mutex_unlock(&tb->lock);
}
