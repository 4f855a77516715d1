/* SPDX-License-Identifier: MIT */
#ifndef NACRE_H
#define NACRE_H

#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_simple_kms_helper.h>

struct drm_framebuffer;
struct drm_rect;
struct iosys_map;
struct nacre_scan;
struct platform_driver;

struct nacre_scan_ops {
	void (*start)(struct nacre_scan *scan);
	void (*stop)(struct nacre_scan *scan);
	void (*show)(struct nacre_scan *scan, const struct iosys_map *src,
		     struct drm_framebuffer *fb, const struct drm_rect *clip);
};

struct nacre_scan {
	const struct nacre_scan_ops *ops;
	void __iomem *regs;
	void __iomem *window;
};

struct nacre {
	struct drm_device drm;
	struct drm_simple_display_pipe pipe;
	struct drm_connector connector;
	struct nacre_scan *scan;	/* set by the bound scan-out component */
};

#define to_nacre(d) container_of(d, struct nacre, drm)

extern struct platform_driver nacre_scan_driver;
int nacre_kms_init(struct nacre *nacre);

#endif
