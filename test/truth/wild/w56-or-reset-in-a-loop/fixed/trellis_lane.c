// SPDX-License-Identifier: MIT
#include <linux/io.h>

#include "trellis.h"

#define LANE_RESET	0x0

static void trellis_lane_down(void *data)
{
	struct trellis_lane *lane = data;

	writel(1, lane->regs + LANE_RESET);
	clk_disable_unprepare(lane->clk);
}

static int trellis_lane_up(struct trellis *tr, struct trellis_lane *lane)
{
	int ret;

	ret = clk_prepare_enable(lane->clk);
	if (ret)
		return ret;

	writel(0, lane->regs + LANE_RESET);

	return devm_add_action_or_reset(tr->dev, trellis_lane_down, lane);
}

int trellis_lanes_power_up(struct trellis *tr)
{
	struct trellis_lane *lane;
	int ret;

	for (lane = tr->lane; lane < tr->lane + TRELLIS_LANES; lane++) {
		ret = trellis_lane_up(tr, lane);
		if (ret)
			return dev_err_probe(tr->dev, ret, "lane %td\n", lane - tr->lane);
	}

	return 0;
}
