// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "edgex.h"

static void edgex_trace_destroy(void *trace)
{
	kfree(trace);
}

struct edgex_trace *edgex_trace_create(struct device *dev, unsigned int nr)
{
	struct edgex_trace *trace;
	int ret;

	trace = kzalloc(struct_size(trace, evt, nr), GFP_KERNEL);
	if (!trace)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&trace->lock);
	trace->nr = nr;
	dev_dbg(dev, "tracing %u events\n", nr);

	ret = devm_add_action_or_reset(dev, edgex_trace_destroy, trace);
	if (ret)
		return ERR_PTR(ret);

	return trace;
}

void edgex_trace_push(struct edgex_trace *trace, u32 status)
{
	struct edgex_evt *e;
	unsigned long flags;

	spin_lock_irqsave(&trace->lock, flags);
	e = &trace->evt[trace->head++ % trace->nr];
	e->ts = ktime_get_ns();
	e->status = status;
	spin_unlock_irqrestore(&trace->lock, flags);
}

void edgex_trace_dump(struct edgex_trace *trace, struct seq_file *m)
{
	unsigned int i;

	spin_lock_irq(&trace->lock);
	for (i = 0; i < min(trace->head, trace->nr); i++)
		seq_printf(m, "%llu %08x\n", trace->evt[i].ts, trace->evt[i].status);
	spin_unlock_irq(&trace->lock);
}
