// SPDX-License-Identifier: MIT
#include <linux/err.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include "lidpoll.h"

static int lidpoll_make_input(struct device *dev, struct lidpoll *lid)
{
	lid->input = devm_input_allocate_device(dev);
	if (!lid->input)
		return -ENOMEM;

	lid->input->name = "lid switch";
	lid->input->id.bustype = BUS_HOST;
	input_set_capability(lid->input, EV_SW, SW_LID);
	return input_register_device(lid->input);
}

static int lidpoll_probe(struct platform_device *pdev)
{
	struct lidpoll *lid;
	int ret;

	lid = devm_kzalloc(&pdev->dev, sizeof(*lid), GFP_KERNEL);
	if (!lid)
		return -ENOMEM;

	lid->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lid->base))
		return PTR_ERR(lid->base);

	ret = lidpoll_make_input(&pdev->dev, lid);
	if (ret)
		return ret;

	lidpoll_scan_init(lid);
	platform_set_drvdata(pdev, lid);
	lidpoll_next(lid);
	return 0;
}

static void lidpoll_remove(struct platform_device *pdev)
{
	lidpoll_scan_stop(platform_get_drvdata(pdev));
}

static const struct of_device_id lidpoll_of_match[] = {
	{ .compatible = "hinge,lid-sense" },
	{ }
};
MODULE_DEVICE_TABLE(of, lidpoll_of_match);

static struct platform_driver lidpoll_driver = {
	.probe = lidpoll_probe,
	.remove = lidpoll_remove,
	.driver = { .name = "lidpoll", .of_match_table = lidpoll_of_match },
};
module_platform_driver(lidpoll_driver);

MODULE_DESCRIPTION("Polled lid switch");
MODULE_LICENSE("GPL");
