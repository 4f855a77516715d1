/* SPDX-License-Identifier: MIT */
#ifndef __HOTLANE_H__
#define __HOTLANE_H__

#include <linux/workqueue.h>
#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_simple_kms_helper.h>

#define HL_IEN		0x04
#define HL_IST		0x08
#define   HL_INT_HPD	BIT(0)
#define HL_SENSE	0x0c
#define   HL_SENSE_ON	BIT(4)
#define HL_FB_ADDR	0x40
#define HL_SCANOUT	0x44

#define HL_HPD_DEBOUNCE	msecs_to_jiffies(120)

struct hl_device {
	struct drm_device drm;
	struct drm_simple_display_pipe pipe;
	struct drm_connector connector;
	void __iomem *regs;
	struct delayed_work hpd_work;
	int irq;
};

#define to_hl(d)	container_of(d, struct hl_device, drm)

int hl_kms_init(struct hl_device *hl);
int hl_hpd_init(struct hl_device *hl);
void hl_hpd_start(struct hl_device *hl);
void hl_hpd_stop(struct hl_device *hl);

#endif
