// SPDX-License-Identifier: MIT
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "uscope.h"

#define USCOPE_TIMEOUT_MS	1000

void uscope_release_ctx(struct kref *kref)
{
	struct uscope *sc = container_of(kref, struct uscope, kref);

	usb_put_dev(sc->udev);
	kfree(sc->buf);
	kfree(sc);
}

static int uscope_open(struct inode *inode, struct file *file)
{
	struct usb_interface *intf;
	struct uscope *sc;

	intf = usb_find_interface(&uscope_driver, iminor(inode));
	if (!intf)
		return -ENODEV;

	sc = usb_get_intfdata(intf);
	if (!sc)
		return -ENODEV;

	kref_get(&sc->kref);
	file->private_data = sc;

	return nonseekable_open(inode, file);
}

static int uscope_release(struct inode *inode, struct file *file)
{
	struct uscope *sc = file->private_data;

	kref_put(&sc->kref, uscope_release_ctx);

	return 0;
}

static ssize_t uscope_read(struct file *file, char __user *ubuf, size_t count,
			   loff_t *ppos)
{
	struct uscope *sc = file->private_data;
	int len = min_t(size_t, count, USCOPE_BUF_LEN);
	int actual = 0;
	int ret;

	if (mutex_lock_interruptible(&sc->lock))
		return -ERESTARTSYS;

	if (!sc->intf) {
		ret = -ENODEV;
		goto out;
	}

	ret = usb_bulk_msg(sc->udev, sc->pipe, sc->buf, USCOPE_BUF_LEN,
			   &actual, USCOPE_TIMEOUT_MS);
	if (ret)
		goto out;

	len = min(len, actual);
	ret = copy_to_user(ubuf, sc->buf, len) ? -EFAULT : len;
out:
	mutex_unlock(&sc->lock);
	return ret;
}

const struct file_operations uscope_fops = {
	.owner = THIS_MODULE,
	.open = uscope_open,
	.release = uscope_release,
	.read = uscope_read,
};
