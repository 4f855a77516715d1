// SPDX-License-Identifier: MIT
/* The firmware does not drive the fan while it starts, so leave it at full duty on reboot. */
#include <linux/reboot.h>
#include "vanefan.h"

static int vanefan_on_reboot(struct notifier_block *nb, unsigned long action, void *data)
{
	struct vanefan *fan = container_of(nb, struct vanefan, reboot_nb);

	if (action == SYS_RESTART)
		regmap_write(fan->map, VANEFAN_DUTY, VANEFAN_FULL);
	return NOTIFY_DONE;
}

int vanefan_boost_init(struct vanefan *fan)
{
	fan->reboot_nb.notifier_call = vanefan_on_reboot;
	return register_reboot_notifier(&fan->reboot_nb);
}

void vanefan_boost_exit(struct vanefan *fan)
{
	unregister_reboot_notifier(&fan->reboot_nb);
}
