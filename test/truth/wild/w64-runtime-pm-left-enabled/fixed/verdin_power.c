// SPDX-License-Identifier: MIT
#include <linux/pm_runtime.h>

#include "verdin.h"

static int verdin_runtime_suspend(struct device *dev)
{
	struct verdin *vd = dev_get_drvdata(dev);

	clk_disable_unprepare(vd->clk);
	return 0;
}

static int verdin_runtime_resume(struct device *dev)
{
	struct verdin *vd = dev_get_drvdata(dev);

	return clk_prepare_enable(vd->clk);
}

/* Kconfig: depends on PM */
const struct dev_pm_ops verdin_pm_ops = {
	RUNTIME_PM_OPS(verdin_runtime_suspend, verdin_runtime_resume, NULL)
};

int verdin_get(struct verdin *vd)
{
	return pm_runtime_resume_and_get(vd->dev);
}

void verdin_put(struct verdin *vd)
{
	pm_runtime_put_sync(vd->dev);
}

int verdin_power_init(struct verdin *vd)
{
	vd->clk = devm_clk_get(vd->dev, NULL);
	if (IS_ERR(vd->clk))
		return PTR_ERR(vd->clk);

	return devm_pm_runtime_enable(vd->dev);
}
