// SPDX-License-Identifier: MIT
#include "ox12.h"

static int ox12_s_ctrl(struct v4l2_ctrl *ctrl)
{
	struct ox12 *ox = container_of(ctrl->handler, struct ox12, ctrls);

	switch (ctrl->id) {
	case V4L2_CID_ANALOGUE_GAIN:
		return regmap_write(ox->map, OX12_REG_GAIN, ctrl->val);
	case V4L2_CID_EXPOSURE:
		return regmap_write(ox->map, OX12_REG_EXP, ctrl->val);
	default:
		return -EINVAL;
	}
}

static const struct v4l2_ctrl_ops ox12_ctrl_ops = {
	.s_ctrl = ox12_s_ctrl,
};

int ox12_init_ctrls(struct ox12 *ox)
{
	struct v4l2_ctrl_handler *hdl = &ox->ctrls;
	int ret;

	v4l2_ctrl_handler_init(hdl, 2);
	v4l2_ctrl_new_std(hdl, &ox12_ctrl_ops, V4L2_CID_ANALOGUE_GAIN,
			  0, 63, 1, 8);
	v4l2_ctrl_new_std(hdl, &ox12_ctrl_ops, V4L2_CID_EXPOSURE,
			  1, 255, 1, 100);
	if (hdl->error) {
		ret = hdl->error;
		v4l2_ctrl_handler_free(hdl);
		return ret;
	}

	ox->sd.ctrl_handler = hdl;

	return 0;
}
