// SPDX-License-Identifier: MIT
/* SoC restart block. The clock has to run for good, there is no way back. */
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/reboot.h>
#include <linux/slab.h>

#include "socrst.h"

#define SOCRST_PRIO	192

static int socrst_restart(struct notifier_block *nb, unsigned long mode,
			  void *cmd)
{
	struct socrst *rst = container_of(nb, struct socrst, restart);

	socrst_hw_fire(rst);
	dev_emerg(rst->dev, "restart did not happen\n");

	return NOTIFY_DONE;
}

static int socrst_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct socrst *rst;
	int ret;

	rst = devm_kzalloc(dev, sizeof(*rst), GFP_KERNEL);
	if (!rst)
		return -ENOMEM;

	rst->dev = dev;
	rst->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(rst->base))
		return PTR_ERR(rst->base);

	ret = socrst_hw_init(rst);
	if (ret)
		return dev_err_probe(dev, ret, "no clock\n");

	rst->restart.notifier_call = socrst_restart;
	rst->restart.priority = SOCRST_PRIO;

	ret = register_restart_handler(&rst->restart);
	if (ret) {
		socrst_hw_exit(rst);
		return dev_err_probe(dev, ret, "cannot register handler\n");
	}

	return 0;
}

static const struct of_device_id socrst_of_match[] = {
	{ .compatible = "acme,soc-restart" },
	{ }
};

static struct platform_driver socrst_driver = {
	.probe = socrst_probe,
	.driver = {
		.name = "socrst",
		.of_match_table = socrst_of_match,
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(socrst_driver);

MODULE_DESCRIPTION("SoC restart");
MODULE_LICENSE("GPL");
