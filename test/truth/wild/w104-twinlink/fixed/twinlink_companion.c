// SPDX-License-Identifier: MIT
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include "twinlink.h"

static void twinlink_companion_put(void *data)
{
	put_device(data);
}

static struct device *twinlink_find(struct device *dev)
{
	struct platform_device *pdev;
	struct device_node *np;

	np = of_parse_phandle(dev->of_node, "twin,companion", 0);
	if (!np)
		return ERR_PTR(-ENODEV);

	pdev = of_find_device_by_node(np);
	of_node_put(np);
	if (!pdev)
		return ERR_PTR(-EPROBE_DEFER);

	return &pdev->dev;
}

int twinlink_companion_get(struct twinlink *tl, struct platform_device *pdev)
{
	struct device *comp;
	u32 lanes;
	int ret;

	comp = twinlink_find(&pdev->dev);
	if (IS_ERR(comp))
		return PTR_ERR(comp);

	ret = device_property_read_u32(comp, "twin,lanes", &lanes);
	if (ret) {
		dev_err(&pdev->dev, "companion has no lane count\n");
		goto err_put;
	}

	if (lanes != 2 && lanes != 4) {
		ret = -EINVAL;
		goto err_put;
	}

	ret = devm_add_action_or_reset(&pdev->dev, twinlink_companion_put, comp);
	if (ret)
		return ret;

	tl->companion = comp;
	tl->lanes = lanes;

	return 0;

err_put:
	put_device(comp);
	return ret;
}
