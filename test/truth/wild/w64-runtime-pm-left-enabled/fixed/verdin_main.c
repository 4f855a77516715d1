// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "verdin.h"

#define VERDIN_ID	0x00
#define VERDIN_SECONDS	0x04
#define VERDIN_MAGIC	0x5644

static int verdin_read_time(struct device *dev, struct rtc_time *tm)
{
	struct verdin *vd = dev_get_drvdata(dev);
	int ret;

	ret = verdin_get(vd);
	if (ret)
		return ret;

	rtc_time64_to_tm(readl(vd->regs + VERDIN_SECONDS), tm);
	verdin_put(vd);
	return 0;
}

static const struct rtc_class_ops verdin_rtc_ops = {
	.read_time = verdin_read_time,
};

static int verdin_identify(struct verdin *vd)
{
	u32 id;
	int ret;

	ret = verdin_get(vd);
	if (ret)
		return ret;

	id = readl(vd->regs + VERDIN_ID);
	verdin_put(vd);

	return id >> 16 == VERDIN_MAGIC ? 0 : -ENODEV;
}

static int verdin_rtc_add(struct verdin *vd)
{
	vd->rtc = devm_rtc_allocate_device(vd->dev);
	if (IS_ERR(vd->rtc))
		return PTR_ERR(vd->rtc);

	vd->rtc->ops = &verdin_rtc_ops;
	vd->rtc->range_max = U32_MAX;

	return devm_rtc_register_device(vd->rtc);
}

static int verdin_probe(struct platform_device *pdev)
{
	struct verdin *vd;
	int ret;

	vd = devm_kzalloc(&pdev->dev, sizeof(*vd), GFP_KERNEL);
	if (!vd)
		return -ENOMEM;

	vd->dev = &pdev->dev;
	platform_set_drvdata(pdev, vd);

	vd->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(vd->regs))
		return PTR_ERR(vd->regs);

	ret = verdin_power_init(vd);
	if (ret)
		return ret;

	ret = verdin_identify(vd);
	if (ret)
		return ret;

	return verdin_rtc_add(vd);
}

static struct platform_driver verdin_driver = {
	.probe = verdin_probe,
	.driver = {
		.name = "verdin-rtc",
		.pm = pm_ptr(&verdin_pm_ops),
	},
};
module_platform_driver(verdin_driver);

MODULE_DESCRIPTION("Verdin seconds counter");
MODULE_LICENSE("GPL");
