// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/iopoll.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "mxv.h"

static int mxv_wait_idle(struct mxv_device *mxv)
{
	u32 val;

	return readl_poll_timeout(mxv->regs + MXV_REG_STATUS, val,
				  val & MXV_STATUS_IDLE, 10, 10000);
}

static int mxv_a1_power_up(struct mxv_device *mxv)
{
	int ret;

	mxv_write(mxv, MXV_REG_QOS, mxv->soc->qos);
	mxv_write(mxv, MXV_REG_CTRL, MXV_CTRL_EN);

	ret = mxv_wait_idle(mxv);
	if (ret)
		mxv_write(mxv, MXV_REG_CTRL, 0);

	return ret;
}

static void mxv_a1_quiesce(struct mxv_device *mxv)
{
	mxv_write(mxv, MXV_REG_CTRL, MXV_CTRL_HALT);
	if (mxv_wait_idle(mxv))
		dev_warn(mxv->drm.dev, "%s did not go idle\n", mxv->soc->name);
}

static int mxv_b2_power_up(struct mxv_device *mxv)
{
	mxv_write(mxv, MXV_REG_CTRL, MXV_CTRL_EN);
	mxv_write(mxv, MXV_REG_QOS, mxv->soc->qos);

	return 0;
}

static void mxv_b2_quiesce(struct mxv_device *mxv)
{
	mxv_write(mxv, MXV_REG_QOS, 0);
	mxv_write(mxv, MXV_REG_CTRL, 0);
}

static const struct mxv_soc_ops mxv_a1_ops = {
	.power_up = mxv_a1_power_up,
	.quiesce = mxv_a1_quiesce,
};

static const struct mxv_soc_ops mxv_b2_ops = {
	.power_up = mxv_b2_power_up,
	.quiesce = mxv_b2_quiesce,
};

const struct mxv_soc mxv_soc_a1 = { .name = "mxv-a1", .qos = 0x24, .ops = &mxv_a1_ops };
const struct mxv_soc mxv_soc_b2 = { .name = "mxv-b2", .qos = 0x77, .ops = &mxv_b2_ops };

static void mxv_hw_fini(struct drm_device *drm, void *data)
{
	struct mxv_device *mxv = data;

	mxv->soc->ops->quiesce(mxv);
}

int mxv_hw_init(struct mxv_device *mxv)
{
	int ret;

	ret = mxv->soc->ops->power_up(mxv);
	if (ret)
		return ret;

	return drmm_add_action_or_reset(&mxv->drm, mxv_hw_fini, mxv);
}
