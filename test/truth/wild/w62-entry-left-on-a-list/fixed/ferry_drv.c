// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "ferry.h"

#define FERRY_POWER	0x00
#define FERRY_VERSION	0x04

struct ferry_phase {
	int (*up)(struct ferry *ferry);
	void (*down)(struct ferry *ferry);
};

static int ferry_power_up(struct ferry *ferry)
{
	writel(1, ferry->regs + FERRY_POWER);
	return 0;
}

static void ferry_power_down(struct ferry *ferry)
{
	writel(0, ferry->regs + FERRY_POWER);
}

static int ferry_announce(struct ferry *ferry)
{
	ferry_fleet_join(ferry);
	return 0;
}

static int ferry_check(struct ferry *ferry)
{
	u32 version = readl(ferry->regs + FERRY_VERSION);

	return version >> 16 == 0x4652 ? 0 : -ENODEV;
}

static const struct ferry_phase ferry_phases[] = {
	{ ferry_power_up, ferry_power_down },
	{ ferry_check, NULL },
	{ ferry_announce, ferry_fleet_leave },
};

static void ferry_rewind(struct ferry *ferry, int from)
{
	while (from--)
		if (ferry_phases[from].down)
			ferry_phases[from].down(ferry);
}

static int ferry_probe(struct platform_device *pdev)
{
	struct ferry *ferry;
	int n, ret;

	ferry = devm_kzalloc(&pdev->dev, sizeof(*ferry), GFP_KERNEL);
	if (!ferry)
		return -ENOMEM;

	ferry->dev = &pdev->dev;
	ferry->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ferry->regs))
		return PTR_ERR(ferry->regs);

	for (n = 0; n < ARRAY_SIZE(ferry_phases); n++) {
		ret = ferry_phases[n].up(ferry);
		if (ret) {
			ferry_rewind(ferry, n);
			return ret;
		}
	}

	platform_set_drvdata(pdev, ferry);
	return 0;
}

static void ferry_remove(struct platform_device *pdev)
{
	ferry_rewind(platform_get_drvdata(pdev), ARRAY_SIZE(ferry_phases));
}

static struct platform_driver ferry_driver = {
	.probe = ferry_probe,
	.remove = ferry_remove,
	.driver = { .name = "ferry" },
};

static int __init ferry_init(void)
{
	int ret;

	ret = ferry_fleet_init();
	if (ret)
		return ret;

	ret = platform_driver_register(&ferry_driver);
	if (ret)
		ferry_fleet_exit();

	return ret;
}
module_init(ferry_init);

static void __exit ferry_exit(void)
{
	platform_driver_unregister(&ferry_driver);
	ferry_fleet_exit();
}
module_exit(ferry_exit);

MODULE_DESCRIPTION("Ferry crossbar");
MODULE_LICENSE("GPL");
