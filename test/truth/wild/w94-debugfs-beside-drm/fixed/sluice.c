// SPDX-License-Identifier: MIT
/* DRM device with statistics in a folder that all its instances share. */
#include <linux/debugfs.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>

struct sluice {
	struct drm_device drm;
	void __iomem *regs;
	u32 *levels;
};

static struct dentry *sluice_root;

static ssize_t sluice_levels_read(struct file *filp, char __user *buf, size_t count, loff_t *pos)
{
	struct sluice *sluice = filp->private_data;

	sluice->levels[0] = readl(sluice->regs);
	return simple_read_from_buffer(buf, count, pos, sluice->levels, 64);
}

static const struct file_operations sluice_levels_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = sluice_levels_read,
};

DEFINE_DRM_GEM_FOPS(sluice_fops);

static const struct drm_driver sluice_drm = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &sluice_fops,
	.name = "sluice",
	.desc = "Sluice",
};

static int sluice_probe(struct platform_device *pdev)
{
	struct sluice *sluice;
	int ret;

	sluice = devm_drm_dev_alloc(&pdev->dev, &sluice_drm, struct sluice, drm);
	if (IS_ERR(sluice))
		return PTR_ERR(sluice);
	platform_set_drvdata(pdev, sluice);
	sluice->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sluice->regs))
		return PTR_ERR(sluice->regs);
	sluice->levels = devm_kzalloc(&pdev->dev, 64, GFP_KERNEL);
	if (!sluice->levels)
		return -ENOMEM;

	ret = drm_dev_register(&sluice->drm, 0);
	if (ret)
		return ret;
	debugfs_create_file(dev_name(&pdev->dev), 0400, sluice_root, sluice, &sluice_levels_fops);
	return 0;
}

static void sluice_remove(struct platform_device *pdev)
{
	struct sluice *sluice = platform_get_drvdata(pdev);

	debugfs_lookup_and_remove(dev_name(&pdev->dev), sluice_root);
	drm_dev_unplug(&sluice->drm);
}

static const struct of_device_id sluice_of_match[] = {
	{ .compatible = "weir,sluice" },
	{ }
};
MODULE_DEVICE_TABLE(of, sluice_of_match);

static struct platform_driver sluice_driver = {
	.probe = sluice_probe,
	.remove = sluice_remove,
	.driver = { .name = "sluice", .of_match_table = sluice_of_match },
};

static int __init sluice_init(void)
{
	int ret;

	sluice_root = debugfs_create_dir("sluice", NULL);
	ret = platform_driver_register(&sluice_driver);
	if (ret)
		debugfs_remove(sluice_root);
	return ret;
}

static void __exit sluice_exit(void)
{
	platform_driver_unregister(&sluice_driver);
	debugfs_remove(sluice_root);
}

module_init(sluice_init);
module_exit(sluice_exit);

MODULE_DESCRIPTION("Sluice");
MODULE_LICENSE("GPL");
