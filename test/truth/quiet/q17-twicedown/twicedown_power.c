// SPDX-License-Identifier: MIT
#include "twicedown.h"

int td_power_up(struct td_device *td)
{
	int ret = 0;

	mutex_lock(&td->lock);
	if (td->up)
		goto out;

	ret = clk_prepare_enable(td->clk);
	if (ret)
		goto out;

	writel(1, td->regs + TD_PWR);
	td->up = true;
out:
	mutex_unlock(&td->lock);
	return ret;
}

/* Reached from shutdown(), remove() and devres alike; only the first acts. */
void td_power_down(struct td_device *td)
{
	mutex_lock(&td->lock);
	if (td->up) {
		td->up = false;
		writel(0, td->regs + TD_PWR);
		clk_disable_unprepare(td->clk);
	}
	mutex_unlock(&td->lock);
}

int td_run(struct td_device *td, u32 prog)
{
	int ret = 0;

	mutex_lock(&td->lock);
	if (td->up)
		writel(prog, td->regs + TD_RUN);
	else
		ret = -ESHUTDOWN;
	mutex_unlock(&td->lock);

	return ret;
}
