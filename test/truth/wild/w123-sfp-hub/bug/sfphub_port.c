// SPDX-License-Identifier: MIT
#include <linux/bitops.h>
#include <linux/jiffies.h>

#include "sfphub.h"

static void sfphub_changed(struct sfphub *hub, unsigned long changed)
{
	unsigned int port;

	for_each_set_bit(port, &changed, SFPHUB_PORTS)
		dev_info(&hub->client->dev, "port %u: module %s\n", port,
			 hub->present & BIT(port) ? "inserted" : "removed");
}

void sfphub_poll(struct work_struct *work)
{
	struct sfphub *hub = container_of(to_delayed_work(work),
					  struct sfphub, poll);
	int ret;

	ret = i2c_smbus_read_byte_data(hub->client, SFPHUB_REG_PRESENT);
	if (ret >= 0 && ret != hub->present) {
		u8 old = hub->present;

		hub->present = ret;
		sfphub_changed(hub, old ^ hub->present);
	}

	sfphub_poll_start(hub);
}

void sfphub_poll_start(struct sfphub *hub)
{
	queue_delayed_work(sfphub_wq, &hub->poll,
			   msecs_to_jiffies(SFPHUB_POLL_MS));
}

void sfphub_poll_stop(struct sfphub *hub)
{
	cancel_delayed_work_sync(&hub->poll);
}
