#ifndef ST_H
#define ST_H

#include <linux/atomic.h>
#include <linux/auxiliary_bus.h>
#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define ST_IRQ_STATUS	0x00
#define ST_BUSY		0x04

struct st_auxdev {
	struct auxiliary_device aux;
	phys_addr_t regs;
	resource_size_t size;
	int irq;
};

struct st_device;

struct st_sampler {
	u32 (*busy)(struct st_device *st);
};

struct st_device {
	struct drm_device drm;
	void __iomem *regs;
	atomic_t jobs;
	u32 last;
	u32 load;			/* of the last second */
	struct delayed_work load_work;
	const struct st_sampler *sampler;
};

#define to_st(d) container_of(d, struct st_device, drm)

int st_load_init(struct st_device *st);

#endif
