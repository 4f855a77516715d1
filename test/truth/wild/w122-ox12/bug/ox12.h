/* SPDX-License-Identifier: MIT */
#ifndef _OX12_H_
#define _OX12_H_

#include <linux/regmap.h>
#include <media/media-entity.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-subdev.h>

#define OX12_REG_ID	0x00
#define OX12_CHIP_ID	0x12
#define OX12_REG_MODE	0x01
#define OX12_REG_GAIN	0x10
#define OX12_REG_EXP	0x11

#define OX12_WIDTH	640
#define OX12_HEIGHT	400

struct ox12 {
	struct v4l2_subdev sd;
	struct media_pad pad;
	struct v4l2_ctrl_handler ctrls;
	struct regmap *map;
};

#define sd_to_ox12(_sd) container_of(_sd, struct ox12, sd)

int ox12_init_ctrls(struct ox12 *ox);

#endif
