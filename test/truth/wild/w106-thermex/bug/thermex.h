/* SPDX-License-Identifier: MIT */
#ifndef __THERMEX_H__
#define __THERMEX_H__

#include <linux/io.h>
#include <drm/drm_device.h>

#define TX_TEMP(n)	(0x80 + (n) * 4)
#define TX_FAN_PWM	0x90
#define TX_START	0x00

struct thermex_soc {
	unsigned int nr_sensors;
	int offset;
	int scale;
};

struct thermex {
	struct drm_device drm;
	void __iomem *regs;
	const struct thermex_soc *soc;
	struct device *hwmon;
};

int thermex_hwmon_init(struct thermex *tx);
void thermex_hwmon_fini(struct thermex *tx);

#endif
