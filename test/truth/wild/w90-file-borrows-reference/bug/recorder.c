// SPDX-License-Identifier: MIT
/* Event recorder: the file and the driver share one refcounted object. */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/i2c.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct recorder {
	struct kref ref;
	struct miscdevice misc;
	struct mutex lock;
	struct i2c_client *client;
	u8 last[16];
};

static void recorder_free(struct kref *ref)
{
	struct recorder *rec = container_of(ref, struct recorder, ref);

	mutex_destroy(&rec->lock);
	kfree(rec);
}

static int recorder_open(struct inode *inode, struct file *filp)
{
	struct recorder *rec = container_of(filp->private_data, struct recorder, misc);

	filp->private_data = rec;
	return nonseekable_open(inode, filp);
}

static ssize_t recorder_read(struct file *filp, char __user *buf, size_t count, loff_t *pos)
{
	struct recorder *rec = filp->private_data;
	int ret = -ENODEV;

	mutex_lock(&rec->lock);
	if (rec->client)
		ret = i2c_master_recv(rec->client, rec->last, sizeof(rec->last));
	mutex_unlock(&rec->lock);
	if (ret < 0)
		return ret;
	count = min(count, sizeof(rec->last));
	return copy_to_user(buf, rec->last, count) ? -EFAULT : count;
}

static int recorder_release(struct inode *inode, struct file *filp)
{
	struct recorder *rec = filp->private_data;

	kref_put(&rec->ref, recorder_free);
	return 0;
}

static const struct file_operations recorder_fops = {
	.owner = THIS_MODULE,
	.open = recorder_open,
	.read = recorder_read,
	.release = recorder_release,
};

static int recorder_probe(struct i2c_client *client)
{
	struct recorder *rec = kzalloc(sizeof(*rec), GFP_KERNEL);
	int ret;

	if (!rec)
		return -ENOMEM;
	kref_init(&rec->ref);
	mutex_init(&rec->lock);
	rec->client = client;
	rec->misc.minor = MISC_DYNAMIC_MINOR;
	rec->misc.name = "recorder";
	rec->misc.fops = &recorder_fops;
	ret = misc_register(&rec->misc);
	if (ret) {
		kref_put(&rec->ref, recorder_free);
		return ret;
	}
	i2c_set_clientdata(client, rec);
	return 0;
}

static void recorder_remove(struct i2c_client *client)
{
	struct recorder *rec = i2c_get_clientdata(client);

	misc_deregister(&rec->misc);
	mutex_lock(&rec->lock);
	rec->client = NULL;
	mutex_unlock(&rec->lock);
	kref_put(&rec->ref, recorder_free);
}

static const struct i2c_device_id recorder_ids[] = {
	{ "recorder" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, recorder_ids);

static struct i2c_driver recorder_driver = {
	.driver = { .name = "recorder" },
	.probe = recorder_probe,
	.remove = recorder_remove,
	.id_table = recorder_ids,
};
module_i2c_driver(recorder_driver);

MODULE_DESCRIPTION("Event recorder");
MODULE_LICENSE("GPL");
