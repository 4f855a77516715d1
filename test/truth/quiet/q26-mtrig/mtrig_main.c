// SPDX-License-Identifier: MIT
/* Manual trigger line with a pulse counter. */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "mtrig.h"

static int mtrig_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	void __iomem *base;
	struct mtrig *mt;
	int ret;

	base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(base))
		return PTR_ERR(base);

	mt = kzalloc(sizeof(*mt), GFP_KERNEL);
	if (!mt)
		return -ENOMEM;

	kref_init(&mt->kref);
	mutex_init(&mt->lock);
	mt->base = base;
	snprintf(mt->name, sizeof(mt->name), "mtrig-%s", dev_name(dev));

	mt->misc.minor = MISC_DYNAMIC_MINOR;
	mt->misc.name = mt->name;
	mt->misc.fops = &mtrig_fops;
	mt->misc.parent = dev;

	ret = misc_register(&mt->misc);
	if (ret) {
		kref_put(&mt->kref, mtrig_free);
		return dev_err_probe(dev, ret, "cannot register node\n");
	}

	platform_set_drvdata(pdev, mt);

	return 0;
}

static void mtrig_remove(struct platform_device *pdev)
{
	struct mtrig *mt = platform_get_drvdata(pdev);

	misc_deregister(&mt->misc);

	/* open files may stay, but they shall not touch the registers */
	mutex_lock(&mt->lock);
	mt->base = NULL;
	mutex_unlock(&mt->lock);

	kref_put(&mt->kref, mtrig_free);
}

static const struct of_device_id mtrig_of_match[] = {
	{ .compatible = "acme,mtrig" },
	{ }
};
MODULE_DEVICE_TABLE(of, mtrig_of_match);

static struct platform_driver mtrig_driver = {
	.probe = mtrig_probe,
	.remove = mtrig_remove,
	.driver = {
		.name = "mtrig",
		.of_match_table = mtrig_of_match,
	},
};
module_platform_driver(mtrig_driver);

MODULE_DESCRIPTION("Manual trigger");
MODULE_LICENSE("GPL");
