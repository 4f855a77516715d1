// SPDX-License-Identifier: MIT
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "orrery.h"

/* Generation 1 has no interrupt pin: the position is read some time after it was asked for. */
static void orrery_gen1_refresh(struct work_struct *work)
{
	struct orrery *orr = container_of(to_delayed_work(work), struct orrery, refresh);
	ssize_t pos = spi_w8r16be(orr->spi, ORRERY_REG_POS);

	if (pos >= 0)
		orrery_update(orr, pos);
}

static int orrery_gen1_init(struct orrery *orr)
{
	orr->wq = alloc_ordered_workqueue("orrery", WQ_FREEZABLE);
	if (!orr->wq)
		return -ENOMEM;
	INIT_DELAYED_WORK(&orr->refresh, orrery_gen1_refresh);
	return 0;
}

static void orrery_gen1_fini(struct orrery *orr)
{
	cancel_delayed_work_sync(&orr->refresh);
	destroy_workqueue(orr->wq);
}

static void orrery_gen1_poke(struct orrery *orr)
{
	queue_delayed_work(orr->wq, &orr->refresh, HZ / 20);
}

const struct orrery_gen_ops orrery_gen1 = {
	.name = "orrery1",
	.init = orrery_gen1_init,
	.fini = orrery_gen1_fini,
	.poke = orrery_gen1_poke,
};

/* Generation 2 raises an interrupt for each step, so nothing is to be done on a read. */
static irqreturn_t orrery_gen2_step(int irq, void *data)
{
	struct orrery *orr = data;
	u8 reg = ORRERY_REG_POS;

	if (spi_write_then_read(orr->spi, &reg, 1, orr->burst, 4))
		return IRQ_NONE;
	orrery_update(orr, get_unaligned_be16(orr->burst + 2));
	reg = ORRERY_REG_ACK;
	spi_write_then_read(orr->spi, &reg, 1, NULL, 0);
	return IRQ_HANDLED;
}

static int orrery_gen2_init(struct orrery *orr)
{
	int ret;

	orr->burst = kzalloc(4, GFP_KERNEL);
	if (!orr->burst)
		return -ENOMEM;
	ret = request_threaded_irq(orr->spi->irq, NULL, orrery_gen2_step, IRQF_ONESHOT, "orrery2",
				   orr);
	if (ret)
		kfree(orr->burst);
	return ret;
}

static void orrery_gen2_fini(struct orrery *orr)
{
	free_irq(orr->spi->irq, orr);
	kfree(orr->burst);
}

static void orrery_gen2_poke(struct orrery *orr)
{
}

const struct orrery_gen_ops orrery_gen2 = {
	.name = "orrery2",
	.init = orrery_gen2_init,
	.fini = orrery_gen2_fini,
	.poke = orrery_gen2_poke,
};
