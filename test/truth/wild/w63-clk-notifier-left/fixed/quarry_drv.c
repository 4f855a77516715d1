// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "quarry.h"

#define QUARRY_ENABLE	0x00

static void quarry_ports_stop(struct quarry *qy, unsigned int count)
{
	struct quarry_port *port = qy->port + count;

	while (port != qy->port)
		quarry_port_stop(--port);
}

static int quarry_ports_start(struct quarry *qy)
{
	unsigned int n;
	int ret;

	for (n = 0; n < QUARRY_PORTS; n++) {
		ret = quarry_port_start(qy, n);
		if (ret) {
			quarry_ports_stop(qy, n);
			return dev_err_probe(qy->dev, ret, "port %u\n", n);
		}
	}

	return 0;
}

static int quarry_probe(struct platform_device *pdev)
{
	struct quarry *qy;
	int ret;

	qy = devm_kzalloc(&pdev->dev, sizeof(*qy), GFP_KERNEL);
	if (!qy)
		return -ENOMEM;

	qy->dev = &pdev->dev;
	qy->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(qy->regs))
		return PTR_ERR(qy->regs);

	ret = quarry_ports_start(qy);
	if (ret)
		return ret;

	writel(BIT(QUARRY_PORTS) - 1, qy->regs + QUARRY_ENABLE);
	platform_set_drvdata(pdev, qy);
	return 0;
}

static void quarry_remove(struct platform_device *pdev)
{
	struct quarry *qy = platform_get_drvdata(pdev);

	writel(0, qy->regs + QUARRY_ENABLE);
	quarry_ports_stop(qy, QUARRY_PORTS);
}

static struct platform_driver quarry_driver = {
	.probe = quarry_probe,
	.remove = quarry_remove,
	.driver = { .name = "quarry" },
};
module_platform_driver(quarry_driver);

MODULE_DESCRIPTION("Quarry serial port block");
MODULE_LICENSE("GPL");
