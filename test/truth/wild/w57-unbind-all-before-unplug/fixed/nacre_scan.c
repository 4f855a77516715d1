// SPDX-License-Identifier: MIT
#include <linux/component.h>
#include <linux/io.h>
#include <linux/iosys-map.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <drm/drm_format_helper.h>
#include <drm/drm_framebuffer.h>

#include "nacre.h"

#define NACRE_SCAN_CTRL	0x00

static void nacre_scan_start(struct nacre_scan *scan)
{
	writel(1, scan->regs + NACRE_SCAN_CTRL);
}

static void nacre_scan_stop(struct nacre_scan *scan)
{
	writel(0, scan->regs + NACRE_SCAN_CTRL);
}

static void nacre_scan_show(struct nacre_scan *scan, const struct iosys_map *src,
			    struct drm_framebuffer *fb, const struct drm_rect *clip)
{
	struct iosys_map dst = IOSYS_MAP_INIT_VADDR_IOMEM(scan->window);

	drm_fb_memcpy(&dst, fb->pitches, src, fb, clip);
}

static const struct nacre_scan_ops nacre_scan_hw = {
	.start = nacre_scan_start,
	.stop = nacre_scan_stop,
	.show = nacre_scan_show,
};

static int nacre_scan_bind(struct device *dev, struct device *master, void *data)
{
	struct platform_device *pdev = to_platform_device(dev);
	struct nacre *nacre = data;
	struct nacre_scan *scan;

	scan = devm_kzalloc(dev, sizeof(*scan), GFP_KERNEL);
	if (!scan)
		return -ENOMEM;

	scan->ops = &nacre_scan_hw;
	scan->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(scan->regs))
		return PTR_ERR(scan->regs);

	scan->window = devm_platform_ioremap_resource(pdev, 1);
	if (IS_ERR(scan->window))
		return PTR_ERR(scan->window);

	nacre->scan = scan;
	return 0;
}

static void nacre_scan_unbind(struct device *dev, struct device *master, void *data)
{
	struct nacre *nacre = data;

	nacre_scan_stop(nacre->scan);
	nacre->scan = NULL;
}

static const struct component_ops nacre_scan_component_ops = {
	.bind = nacre_scan_bind,
	.unbind = nacre_scan_unbind,
};

static int nacre_scan_probe(struct platform_device *pdev)
{
	return component_add(&pdev->dev, &nacre_scan_component_ops);
}

static void nacre_scan_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &nacre_scan_component_ops);
}

struct platform_driver nacre_scan_driver = {
	.probe = nacre_scan_probe,
	.remove = nacre_scan_remove,
	.driver = { .name = "nacre-scan" },
};
