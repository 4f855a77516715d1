// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/platform_device.h>

#include "trellis.h"

static const char * const trellis_clk_names[TRELLIS_LANES] = {
	"lane0", "lane1", "lane2", "lane3",
};

static int trellis_lane_get(struct trellis *tr, struct platform_device *pdev, unsigned int n)
{
	struct trellis_lane *lane = &tr->lane[n];

	lane->regs = devm_platform_ioremap_resource(pdev, n);
	if (IS_ERR(lane->regs))
		return PTR_ERR(lane->regs);

	lane->clk = devm_clk_get(tr->dev, trellis_clk_names[n]);

	return PTR_ERR_OR_ZERO(lane->clk);
}

static int trellis_probe(struct platform_device *pdev)
{
	struct trellis *tr;
	unsigned int n;
	int ret;

	tr = devm_kzalloc(&pdev->dev, sizeof(*tr), GFP_KERNEL);
	if (!tr)
		return -ENOMEM;

	tr->dev = &pdev->dev;

	for (n = 0; n < TRELLIS_LANES; n++) {
		ret = trellis_lane_get(tr, pdev, n);
		if (ret)
			return dev_err_probe(&pdev->dev, ret, "lane %u resources\n", n);
	}

	return trellis_lanes_power_up(tr);
}

static struct platform_driver trellis_driver = {
	.probe = trellis_probe,
	.driver = { .name = "trellis" },
};
module_platform_driver(trellis_driver);

MODULE_DESCRIPTION("Trellis lane multiplexer");
MODULE_LICENSE("GPL");
