// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/slab.h>
#include <drm/drm_managed.h>

#include "ladder.h"

#define LAD_LUT_LEN	256

static void ladder_lut_free(struct drm_device *drm, void *lut)
{
	kvfree(lut);
}

int ladder_lut_init(struct ladder *lad)
{
	unsigned int i;
	u32 *lut;
	int ret;

	lut = kvcalloc(LAD_LUT_LEN, sizeof(*lut), GFP_KERNEL);
	if (!lut)
		return -ENOMEM;

	for (i = 0; i < LAD_LUT_LEN; i++)
		lut[i] = i * i;

	/* On failure the action has run: the table is gone already. */
	ret = drmm_add_action_or_reset(&lad->drm, ladder_lut_free, lut);
	if (ret)
		return ret;

	lad->lut = lut;
	return 0;
}

int ladder_power_on(struct ladder *lad)
{
	int ret;

	ret = regulator_enable(lad->vdd);
	if (ret)
		return ret;

	ret = clk_prepare_enable(lad->clk);
	if (ret)
		goto err_vdd;

	if (readl(lad->regs + LAD_ID) != LAD_ID_MAGIC) {
		ret = -ENODEV;
		goto err_clk;
	}

	return 0;

err_clk:
	clk_disable_unprepare(lad->clk);
err_vdd:
	regulator_disable(lad->vdd);
	return ret;
}

void ladder_power_off(struct ladder *lad)
{
	clk_disable_unprepare(lad->clk);
	regulator_disable(lad->vdd);
}
