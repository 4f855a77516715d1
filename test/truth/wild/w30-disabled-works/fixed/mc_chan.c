#include <linux/device.h>
#include <linux/interrupt.h>

#include <drm/drm_print.h>

#include "mc.h"

#define MC_CMD_DRAIN	0x40

static void mc_chan_drain(struct work_struct *work)
{
	struct mc_chan *chan = container_of(work, struct mc_chan, drain);
	u8 cmd = MC_CMD_DRAIN | chan->index;

	if (spi_write_then_read(chan->mc->spi, &cmd, 1, chan->fifo, sizeof(chan->fifo)))
		drm_dbg(&chan->mc->drm, "channel %u is stuck\n", chan->index);
}

static irqreturn_t mc_irq(int irq, void *data)
{
	struct mc_device *mc = data;
	struct mc_chan *chan;

	mc_for_each_chan(mc, chan)
		mc_chan_kick(chan);

	return IRQ_HANDLED;
}

int mc_chans_init(struct mc_device *mc)
{
	struct device *dev = &mc->spi->dev;
	struct mc_chan *chan;

	mc->chans = devm_kcalloc(dev, MC_CHANNELS, sizeof(*mc->chans), GFP_KERNEL);
	if (!mc->chans)
		return -ENOMEM;

	mc_for_each_chan(mc, chan) {
		chan->mc = mc;
		chan->index = chan - mc->chans;
		INIT_WORK(&chan->drain, mc_chan_drain);
	}

	mc_for_each_chan(mc, chan) {
		chan->wq = alloc_ordered_workqueue("mc-chan%u", 0, chan->index);
		if (!chan->wq) {
			mc_chans_stop(mc);
			return -ENOMEM;
		}
	}

	return 0;
}

/*
 * The interrupt is devm and goes on calling until remove has returned. A
 * disabled work is not queued any more, so that does not matter.
 */
void mc_chans_stop(struct mc_device *mc)
{
	struct mc_chan *chan;

	mc_for_each_chan(mc, chan) {
		disable_work_sync(&chan->drain);
		if (chan->wq)
			destroy_workqueue(chan->wq);
	}
}

int mc_chans_irq(struct mc_device *mc)
{
	return devm_request_irq(&mc->spi->dev, mc->spi->irq, mc_irq, IRQF_TRIGGER_RISING,
				"multichan", mc);
}
