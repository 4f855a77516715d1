// SPDX-License-Identifier: MIT
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "fzone.h"

static DEFINE_IDA(fzone_ida);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct fzone *fz = dev_to_fzone(dev);

	return sysfs_emit(buf, "%08x%08x\n", fz->shadow[1], fz->shadow[0]);
}
static DEVICE_ATTR_RO(serial);

static ssize_t status_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct fzone *fz = dev_to_fzone(dev);

	return sysfs_emit(buf, "%#x\n", readl(fz->base + 4 * FZONE_WORDS));
}
static DEVICE_ATTR_RO(status);

static struct attribute *fzone_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_status.attr,
	NULL
};
ATTRIBUTE_GROUPS(fzone);

static void fzone_release(struct device *dev)
{
	struct fzone *fz = dev_to_fzone(dev);

	ida_free(&fzone_ida, fz->id);
	kfree(fz->shadow);
	kfree(fz);
}

static const struct device_type fzone_type = {
	.name = "fzone",
	.groups = fzone_groups,
	.release = fzone_release,
};

struct fzone *fzone_create(struct device *parent, void __iomem *base)
{
	struct fzone *fz;
	int i, ret;

	fz = kzalloc(sizeof(*fz), GFP_KERNEL);
	if (!fz)
		return ERR_PTR(-ENOMEM);

	fz->id = ida_alloc(&fzone_ida, GFP_KERNEL);
	if (fz->id < 0) {
		ret = fz->id;
		kfree(fz);
		return ERR_PTR(ret);
	}

	fz->base = base;
	fz->dev.parent = parent;
	fz->dev.class = &fzone_class;
	fz->dev.type = &fzone_type;
	device_initialize(&fz->dev);

	ret = -ENOMEM;
	fz->shadow = kcalloc(FZONE_WORDS, sizeof(u32), GFP_KERNEL);
	if (!fz->shadow)
		goto err_put;

	for (i = 0; i < FZONE_WORDS; i++)
		fz->shadow[i] = readl(base + 4 * i);

	ret = dev_set_name(&fz->dev, "fzone%d", fz->id);
	if (ret)
		goto err_put;

	ret = device_add(&fz->dev);
	if (ret)
		goto err_put;

	return fz;

err_put:
	put_device(&fz->dev);
	return ERR_PTR(ret);
}

void fzone_destroy(struct fzone *fz)
{
	device_unregister(&fz->dev);
}

void fzone_ids_cleanup(void)
{
	ida_destroy(&fzone_ida);
}
