#include <linux/clk.h>
#include <linux/device.h>
#include <linux/pm_runtime.h>

#include "rg.h"

static int rg_runtime_suspend(struct device *dev)
{
	struct rg_device *rg = dev_get_drvdata(dev);

	rg->ip->save(rg);
	clk_disable_unprepare(rg->clk);

	return 0;
}

static int rg_runtime_resume(struct device *dev)
{
	struct rg_device *rg = dev_get_drvdata(dev);
	int ret;

	ret = clk_prepare_enable(rg->clk);
	if (ret)
		return ret;
	rg->ip->restore(rg);

	return 0;
}

const struct dev_pm_ops rg_pm_ops = {
	RUNTIME_PM_OPS(rg_runtime_suspend, rg_runtime_resume, NULL)
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pm_runtime_force_resume)
};

int rg_pm_init(struct rg_device *rg)
{
	pm_runtime_set_autosuspend_delay(rg->dev, 50);
	pm_runtime_use_autosuspend(rg->dev);
	pm_runtime_enable(rg->dev);

	return pm_runtime_resume_and_get(rg->dev);
}

/* The counterpart of the reference that probe keeps. */
void rg_pm_fini(struct rg_device *rg)
{
	pm_runtime_dont_use_autosuspend(rg->dev);
	pm_runtime_put_sync_suspend(rg->dev);
	pm_runtime_disable(rg->dev);
}
