#ifndef AX_H
#define AX_H

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define AX_REG_RESET		0x010
#define AX_REG_BEAT		0x014
#define AX_REG_DOORBELL		0x100

struct ax_health {
	struct delayed_work beat;
	struct work_struct recovery;
	u32 last;
	unsigned int missed;
};

struct ax_device {
	struct drm_device drm;
	struct pci_dev *pdev;
	void __iomem *regs;
	struct ax_health health;
};

#define to_ax(d)		container_of(d, struct ax_device, drm)
#define health_to_ax(h)		container_of(h, struct ax_device, health)

#define ax_read(ax, reg)	readl((ax)->regs + AX_REG_##reg)
#define ax_write(ax, reg, v)	writel(v, (ax)->regs + AX_REG_##reg)

static inline void ax_ask_for_recovery(struct ax_device *ax)
{
	queue_work(system_unbound_wq, &ax->health.recovery);
}

void ax_health_init(struct ax_device *ax);
void ax_health_start(struct ax_device *ax);
void ax_health_stop(struct ax_device *ax);

#endif
