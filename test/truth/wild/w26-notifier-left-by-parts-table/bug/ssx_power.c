#include <linux/regmap.h>
#include <linux/suspend.h>

#include "ssx.h"

/* The panel burns in when the host sleeps for days with it lit. */
static int ssx_pm_event(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct ssx_device *ssx = container_of(nb, struct ssx_device, pm_nb);

	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
		regmap_write(ssx->map, SSX_DISPLAY, 0);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
		regmap_write(ssx->map, SSX_DISPLAY, 1);
		break;
	}

	return NOTIFY_OK;
}

static int ssx_power_init(struct ssx_device *ssx)
{
	int ret;

	ret = regmap_write(ssx->map, SSX_DISPLAY, 1);
	if (ret)
		return ret;
	ssx->pm_nb.notifier_call = ssx_pm_event;

	return register_pm_notifier(&ssx->pm_nb);
}

static void ssx_power_fini(struct ssx_device *ssx)
{
	regmap_write(ssx->map, SSX_DISPLAY, 0);
}

const struct ssx_part ssx_power_part = {
	.name = "power",
	.init = ssx_power_init,
	.fini = ssx_power_fini,
};
