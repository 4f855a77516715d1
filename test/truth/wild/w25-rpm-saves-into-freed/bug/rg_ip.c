#include <linux/io.h>
#include <linux/slab.h>

#include "rg.h"

#define RG_V1_REG(n)	(0x400 + (n) * 4)
#define RG_V2_REG(n)	(0x800 + (n) * 8)

static void rg_v1_save(struct rg_device *rg)
{
	unsigned int i;

	for (i = 0; i < rg->ip->num_saved; i++)
		rg->saved[i] = readl(rg->regs + RG_V1_REG(i));
}

static void rg_v1_restore(struct rg_device *rg)
{
	unsigned int i;

	for (i = 0; i < rg->ip->num_saved; i++)
		writel(rg->saved[i], rg->regs + RG_V1_REG(i));
}

static void rg_v2_save(struct rg_device *rg)
{
	u32 *p = rg->saved;
	unsigned int i;

	for (i = 0; i < rg->ip->num_saved; i++)
		*p++ = readl(rg->regs + RG_V2_REG(i));
}

static void rg_v2_restore(struct rg_device *rg)
{
	const u32 *p = rg->saved;
	unsigned int i;

	for (i = 0; i < rg->ip->num_saved; i++)
		writel(*p++, rg->regs + RG_V2_REG(i));
}

const struct rg_ip_ops rg_ip_v1 = {
	.num_saved = 16,
	.save = rg_v1_save,
	.restore = rg_v1_restore,
};

const struct rg_ip_ops rg_ip_v2 = {
	.num_saved = 40,
	.save = rg_v2_save,
	.restore = rg_v2_restore,
};

int rg_ip_init(struct rg_device *rg)
{
	rg->saved = kcalloc(rg->ip->num_saved, sizeof(*rg->saved), GFP_KERNEL);

	return rg->saved ? 0 : -ENOMEM;
}

void rg_ip_fini(struct rg_device *rg)
{
	kfree(rg->saved);
}
