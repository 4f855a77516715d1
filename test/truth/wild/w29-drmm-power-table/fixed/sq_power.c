#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/reset.h>

#include "sq.h"

#define SQ_ISOLATE	0x08
#define SQ_IDLE		0x0c

struct sq_step {
	const char *name;
	void (*run)(struct sq_device *sq);
	unsigned int wait_us;
};

static void sq_isolate(struct sq_device *sq)
{
	writel(1, sq->regs + SQ_ISOLATE);
	readl(sq->regs + SQ_IDLE);
}

static void sq_hold_reset(struct sq_device *sq)
{
	reset_control_assert(sq->reset);
}

static void sq_domains_off(struct sq_device *sq)
{
	unsigned int i;

	for (i = SQ_NUM_DOMAINS; i--; ) {
		pm_runtime_put_sync(sq->domains[i]);
		dev_pm_domain_detach(sq->domains[i], true);
	}
}

static const struct sq_step sq_off[] = {
	{ "isolate", sq_isolate, 10 },
	{ "reset", sq_hold_reset, 5 },
	{ "domains", sq_domains_off },
};

static void sq_power_off(void *data)
{
	struct sq_device *sq = data;
	const struct sq_step *step;

	for (step = sq_off; step < sq_off + ARRAY_SIZE(sq_off); step++) {
		step->run(sq);
		if (step->wait_us)
			usleep_range(step->wait_us, 2 * step->wait_us);
	}
}

static int sq_domains_on(struct sq_device *sq)
{
	static const char * const names[SQ_NUM_DOMAINS] = { "core", "memory" };
	unsigned int i;

	for (i = 0; i < SQ_NUM_DOMAINS; i++) {
		struct device *pd = dev_pm_domain_attach_by_name(sq->dev, names[i]);

		if (IS_ERR_OR_NULL(pd)) {
			while (i--) {
				pm_runtime_put_sync(sq->domains[i]);
				dev_pm_domain_detach(sq->domains[i], true);
			}
			return pd ? PTR_ERR(pd) : -ENODEV;
		}
		pm_runtime_get_sync(pd);
		sq->domains[i] = pd;
	}

	return 0;
}

int sq_power_init(struct sq_device *sq)
{
	int ret;

	ret = sq_domains_on(sq);
	if (ret)
		return ret;
	reset_control_deassert(sq->reset);
	writel(0, sq->regs + SQ_ISOLATE);

	return devm_add_action_or_reset(sq->dev, sq_power_off, sq);
}
