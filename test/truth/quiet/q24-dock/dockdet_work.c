// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/jiffies.h>

#include "dockdet.h"

#define DOCKDET_DEBOUNCE_MS	80

static void dockdet_report(struct work_struct *work)
{
	struct dockdet *dd = container_of(to_delayed_work(work),
					  struct dockdet, debounce);
	int docked = gpiod_get_value_cansleep(dd->gpio);

	if (docked < 0)
		return;

	input_report_switch(dd->input, SW_DOCK, docked);
	input_sync(dd->input);
}

static void dockdet_work_exit(void *data)
{
	struct dockdet *dd = data;

	cancel_delayed_work_sync(&dd->debounce);
	destroy_workqueue(dd->wq);
}

int dockdet_work_init(struct dockdet *dd)
{
	dd->wq = alloc_ordered_workqueue("dockdet", WQ_FREEZABLE);
	if (!dd->wq)
		return -ENOMEM;

	INIT_DELAYED_WORK(&dd->debounce, dockdet_report);

	return devm_add_action_or_reset(dd->dev, dockdet_work_exit, dd);
}

void dockdet_kick(struct dockdet *dd)
{
	mod_delayed_work(dd->wq, &dd->debounce,
			 msecs_to_jiffies(DOCKDET_DEBOUNCE_MS));
}
