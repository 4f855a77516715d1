// SPDX-License-Identifier: MIT
/* Pattern engine that reads user memory: each range that a file pins is watched. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mmu_notifier.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define TAPESTRY_FLUSH	0x20

struct tapestry {
	struct miscdevice misc;
	void __iomem *base;
};

struct tapestry_file {
	struct tapestry *tapestry;
	struct mutex lock;
	struct list_head ranges;
};

struct tapestry_range {
	struct mmu_interval_notifier notifier;
	struct tapestry_file *file;
	struct list_head entry;
	unsigned long seq;
};

struct tapestry_watch {
	u64 start;
	u64 length;
};

#define TAPESTRY_WATCH	_IOW('t', 0, struct tapestry_watch)
#define TAPESTRY_DROP	_IO('t', 1)

static bool tapestry_invalidate(struct mmu_interval_notifier *mni,
				const struct mmu_notifier_range *range, unsigned long seq)
{
	struct tapestry_range *watched = container_of(mni, struct tapestry_range, notifier);

	mmu_interval_set_seq(mni, seq);
	writel(1, watched->file->tapestry->base + TAPESTRY_FLUSH);
	return true;
}

static const struct mmu_interval_notifier_ops tapestry_mni_ops = {
	.invalidate = tapestry_invalidate,
};

static int tapestry_watch(struct tapestry_file *file, void __user *arg)
{
	struct tapestry_watch watch;
	struct tapestry_range *range;
	int ret;

	if (copy_from_user(&watch, arg, sizeof(watch)))
		return -EFAULT;
	range = kzalloc(sizeof(*range), GFP_KERNEL);
	if (!range)
		return -ENOMEM;
	range->file = file;
	ret = mmu_interval_notifier_insert(&range->notifier, current->mm, watch.start,
					   watch.length, &tapestry_mni_ops);
	if (ret) {
		kfree(range);
		return ret;
	}
	mutex_lock(&file->lock);
	list_add_tail(&range->entry, &file->ranges);
	mutex_unlock(&file->lock);
	return 0;
}

static void tapestry_drop(struct tapestry_file *file)
{
	struct tapestry_range *range, *next;

	mutex_lock(&file->lock);
	list_for_each_entry_safe(range, next, &file->ranges, entry) {
		list_del(&range->entry);
		kfree(range);
	}
	mutex_unlock(&file->lock);
}

static long tapestry_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct tapestry_file *file = filp->private_data;

	switch (cmd) {
	case TAPESTRY_WATCH:
		return tapestry_watch(file, (void __user *)arg);
	case TAPESTRY_DROP:
		tapestry_drop(file);
		return 0;
	default:
		return -ENOTTY;
	}
}

static int tapestry_open(struct inode *inode, struct file *filp)
{
	struct tapestry *tapestry = container_of(filp->private_data, struct tapestry, misc);
	struct tapestry_file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return -ENOMEM;
	file->tapestry = tapestry;
	mutex_init(&file->lock);
	INIT_LIST_HEAD(&file->ranges);
	filp->private_data = file;
	return 0;
}

static int tapestry_release(struct inode *inode, struct file *filp)
{
	struct tapestry_file *file = filp->private_data;

	tapestry_drop(file);
	kfree(file);
	return 0;
}

static const struct file_operations tapestry_fops = {
	.owner = THIS_MODULE,
	.open = tapestry_open,
	.release = tapestry_release,
	.unlocked_ioctl = tapestry_ioctl,
};

static struct tapestry tapestry = {
	.misc = { .minor = MISC_DYNAMIC_MINOR, .name = "tapestry", .fops = &tapestry_fops },
};

static int tapestry_probe(struct platform_device *pdev)
{
	tapestry.base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tapestry.base))
		return PTR_ERR(tapestry.base);
	return misc_register(&tapestry.misc);
}

static const struct of_device_id tapestry_of_match[] = {
	{ .compatible = "loom,tapestry" },
	{ }
};
MODULE_DEVICE_TABLE(of, tapestry_of_match);

static struct platform_driver tapestry_driver = {
	.probe = tapestry_probe,
	.driver = {
		.name = "tapestry",
		.of_match_table = tapestry_of_match,
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(tapestry_driver);

MODULE_DESCRIPTION("Tapestry pattern engine");
MODULE_LICENSE("GPL");
