/* SPDX-License-Identifier: MIT */
#ifndef __SIDECAR_H__
#define __SIDECAR_H__

#include <linux/auxiliary_bus.h>
#include <linux/io.h>
#include <drm/drm_device.h>

#define SC_BLIT		0x000
#define SC_PWM_BASE	0x800

/* Shared with the pwm driver that binds to "sidecar_drm.pwm". */
struct sidecar_pwm {
	struct auxiliary_device adev;
	void __iomem *regs;
	u32 period_ns;
};

struct sidecar {
	struct drm_device drm;
	void __iomem *regs;
};

int sidecar_pwm_add(struct sidecar *sc);

#endif
