#ifndef RG_H
#define RG_H

#include <linux/pm.h>
#include <drm/drm_device.h>

struct clk;
struct rg_device;

/* Generations differ in what they lose with the power. */
struct rg_ip_ops {
	unsigned int num_saved;
	void (*save)(struct rg_device *rg);
	void (*restore)(struct rg_device *rg);
};

struct rg_device {
	struct drm_device drm;
	struct device *dev;
	void __iomem *regs;
	struct clk *clk;
	const struct rg_ip_ops *ip;
	u32 *saved;
};

#define to_rg(d) container_of(d, struct rg_device, drm)

extern const struct rg_ip_ops rg_ip_v1, rg_ip_v2;
extern const struct dev_pm_ops rg_pm_ops;

int rg_ip_init(struct rg_device *rg);
void rg_ip_fini(struct rg_device *rg);
int rg_pm_init(struct rg_device *rg);
void rg_pm_fini(struct rg_device *rg);

#endif
