#include <linux/backlight.h>
#include <linux/regmap.h>

#include "ssx.h"

static int ssx_light_update(struct backlight_device *bl)
{
	struct ssx_device *ssx = bl_get_data(bl);

	return regmap_write(ssx->map, SSX_CONTRAST, backlight_get_brightness(bl));
}

static const struct backlight_ops ssx_light_ops = {
	.update_status = ssx_light_update,
};

static int ssx_light_init(struct ssx_device *ssx)
{
	const struct backlight_properties props = {
		.type = BACKLIGHT_RAW,
		.brightness = 127,
		.max_brightness = 255,
	};

	ssx->light = backlight_device_register("ssx", &ssx->client->dev, ssx, &ssx_light_ops,
					       &props);

	return PTR_ERR_OR_ZERO(ssx->light);
}

static void ssx_light_fini(struct ssx_device *ssx)
{
	backlight_device_unregister(ssx->light);
}

const struct ssx_part ssx_light_part = {
	.name = "backlight",
	.init = ssx_light_init,
	.fini = ssx_light_fini,
};
