#ifndef MC_H
#define MC_H

#include <linux/spi/spi.h>
#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define MC_CHANNELS	3

struct mc_device;

struct mc_chan {
	struct mc_device *mc;
	struct workqueue_struct *wq;
	struct work_struct drain;
	unsigned int index;
	u8 fifo[64];
};

struct mc_device {
	struct drm_device drm;
	struct spi_device *spi;
	struct mc_chan *chans;
};

#define to_mc(d)	container_of(d, struct mc_device, drm)

#define mc_for_each_chan(mc, c) \
	for ((c) = (mc)->chans; (c) < (mc)->chans + MC_CHANNELS; (c)++)

static inline bool mc_chan_kick(struct mc_chan *chan)
{
	return queue_work(chan->wq, &chan->drain);
}

int mc_chans_init(struct mc_device *mc);
void mc_chans_stop(struct mc_device *mc);
int mc_chans_irq(struct mc_device *mc);

#endif
