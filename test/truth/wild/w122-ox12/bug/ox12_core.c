// SPDX-License-Identifier: MIT
/* OX12 monochrome sensor. */
#include <linux/i2c.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <media/v4l2-async.h>
#include <media/v4l2-device.h>

#include "ox12.h"

static const struct regmap_config ox12_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = 0x7f,
};

static int ox12_s_stream(struct v4l2_subdev *sd, int on)
{
	return regmap_write(sd_to_ox12(sd)->map, OX12_REG_MODE, !!on);
}

static int ox12_enum_mbus_code(struct v4l2_subdev *sd,
			       struct v4l2_subdev_state *state,
			       struct v4l2_subdev_mbus_code_enum *code)
{
	if (code->index)
		return -EINVAL;

	code->code = MEDIA_BUS_FMT_Y8_1X8;

	return 0;
}

static int ox12_init_state(struct v4l2_subdev *sd,
			   struct v4l2_subdev_state *state)
{
	struct v4l2_mbus_framefmt *fmt = v4l2_subdev_state_get_format(state, 0);

	fmt->width = OX12_WIDTH;
	fmt->height = OX12_HEIGHT;
	fmt->code = MEDIA_BUS_FMT_Y8_1X8;
	fmt->field = V4L2_FIELD_NONE;
	fmt->colorspace = V4L2_COLORSPACE_RAW;

	return 0;
}

static const struct v4l2_subdev_video_ops ox12_video_ops = {
	.s_stream = ox12_s_stream,
};

static const struct v4l2_subdev_pad_ops ox12_pad_ops = {
	.enum_mbus_code = ox12_enum_mbus_code,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = v4l2_subdev_get_fmt,
};

static const struct v4l2_subdev_ops ox12_ops = {
	.video = &ox12_video_ops,
	.pad = &ox12_pad_ops,
};

static const struct v4l2_subdev_internal_ops ox12_internal_ops = {
	.init_state = ox12_init_state,
};

static int ox12_identify(struct ox12 *ox)
{
	unsigned int id;
	int ret = regmap_read(ox->map, OX12_REG_ID, &id);

	if (ret)
		return ret;

	return id == OX12_CHIP_ID ? 0 : -ENODEV;
}

static int ox12_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct ox12 *ox;
	int ret;

	ox = devm_kzalloc(dev, sizeof(*ox), GFP_KERNEL);
	if (!ox)
		return -ENOMEM;

	ox->map = devm_regmap_init_i2c(client, &ox12_regmap);
	if (IS_ERR(ox->map))
		return PTR_ERR(ox->map);

	ret = ox12_identify(ox);
	if (ret)
		return dev_err_probe(dev, ret, "no OX12 here\n");

	v4l2_i2c_subdev_init(&ox->sd, client, &ox12_ops);
	ox->sd.internal_ops = &ox12_internal_ops;
	ox->sd.entity.function = MEDIA_ENT_F_CAM_SENSOR;

	ret = ox12_init_ctrls(ox);
	if (ret)
		return ret;

	ox->pad.flags = MEDIA_PAD_FL_SOURCE;
	ret = media_entity_pads_init(&ox->sd.entity, 1, &ox->pad);
	if (ret)
		goto err_ctrls;

	ox->sd.state_lock = ox->ctrls.lock;
	ret = v4l2_subdev_init_finalize(&ox->sd);
	if (ret)
		goto err_entity;

	ret = v4l2_async_register_subdev_sensor(&ox->sd);
	if (ret)
		goto err_subdev;

	return 0;

err_subdev:
	v4l2_subdev_cleanup(&ox->sd);
err_entity:
	media_entity_cleanup(&ox->sd.entity);
	return dev_err_probe(dev, ret, "cannot register subdev\n");
err_ctrls:
	v4l2_ctrl_handler_free(&ox->ctrls);
	return ret;
}

static void ox12_remove(struct i2c_client *client)
{
	struct v4l2_subdev *sd = i2c_get_clientdata(client);

	v4l2_async_unregister_subdev(sd);
	v4l2_subdev_cleanup(sd);
	media_entity_cleanup(&sd->entity);
	v4l2_ctrl_handler_free(sd->ctrl_handler);
}

static const struct i2c_device_id ox12_id[] = {
	{ "ox12" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, ox12_id);

static struct i2c_driver ox12_driver = {
	.driver = {
		.name = "ox12",
	},
	.probe = ox12_probe,
	.remove = ox12_remove,
	.id_table = ox12_id,
};
module_i2c_driver(ox12_driver);

MODULE_DESCRIPTION("OX12 sensor");
MODULE_LICENSE("GPL");
