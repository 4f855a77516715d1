// SPDX-License-Identifier: MIT
#include <linux/minmax.h>

#include "slog.h"

static int slog_read_chunk(struct slog *lg, int len)
{
	u8 cmd = SLOG_CMD_DRAIN;

	return spi_write_then_read(lg->spi, &cmd, 1, lg->buf, len);
}

void slog_drain(struct work_struct *work)
{
	struct slog *lg = container_of(work, struct slog, drain);
	int level, len, ret;

	level = spi_w8r8(lg->spi, SLOG_CMD_LEVEL);
	while (level > 0) {
		len = min(level, SLOG_BUF_LEN);
		ret = slog_read_chunk(lg, len);
		if (ret) {
			dev_warn_ratelimited(&lg->spi->dev, "drain: %d\n", ret);
			return;
		}

		print_hex_dump_debug("slog: ", DUMP_PREFIX_OFFSET, 16, 1,
				     lg->buf, len, true);
		atomic_add(len, &lg->bytes);
		level -= len;
	}
}
