// SPDX-License-Identifier: MIT
/* Read-only view of a fuse zone. */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "fzone.h"

const struct class fzone_class = {
	.name = "fzone",
};

static int fzone_probe(struct platform_device *pdev)
{
	struct fzone *fz;
	void __iomem *base;

	base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(base))
		return PTR_ERR(base);

	fz = fzone_create(&pdev->dev, base);
	if (IS_ERR(fz))
		return PTR_ERR(fz);

	platform_set_drvdata(pdev, fz);

	return 0;
}

static void fzone_remove(struct platform_device *pdev)
{
	fzone_destroy(platform_get_drvdata(pdev));
}

static const struct of_device_id fzone_of_match[] = {
	{ .compatible = "acme,fuse-zone" },
	{ }
};
MODULE_DEVICE_TABLE(of, fzone_of_match);

static struct platform_driver fzone_driver = {
	.probe = fzone_probe,
	.remove = fzone_remove,
	.driver = {
		.name = "fzone",
		.of_match_table = fzone_of_match,
	},
};

static int __init fzone_init(void)
{
	int ret;

	ret = class_register(&fzone_class);
	if (ret)
		return ret;

	ret = platform_driver_register(&fzone_driver);
	if (ret)
		class_unregister(&fzone_class);

	return ret;
}
module_init(fzone_init);

static void __exit fzone_exit(void)
{
	platform_driver_unregister(&fzone_driver);
	class_unregister(&fzone_class);
	fzone_ids_cleanup();
}
module_exit(fzone_exit);

MODULE_DESCRIPTION("Fuse zone");
MODULE_LICENSE("GPL");
