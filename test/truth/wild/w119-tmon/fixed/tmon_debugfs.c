// SPDX-License-Identifier: MIT
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/seq_file.h>

#include "tmon.h"

static int tmon_counters_show(struct seq_file *s, void *unused)
{
	struct tmon *tm = s->private;

	seq_printf(s, "read:      %u\n", readl(tm->base + TMON_RD_BYTES));
	seq_printf(s, "write:     %u\n", readl(tm->base + TMON_WR_BYTES));
	seq_printf(s, "overflows: %d\n", atomic_read(&tm->overflows));

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tmon_counters);

void tmon_debugfs_init(struct tmon *tm)
{
	tm->dir = debugfs_create_dir(dev_name(tm->dev), NULL);
	debugfs_create_file("counters", 0444, tm->dir, tm,
			    &tmon_counters_fops);
}

void tmon_debugfs_exit(struct tmon *tm)
{
	debugfs_remove_recursive(tm->dir);
}
