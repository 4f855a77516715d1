#ifndef SSX_H
#define SSX_H

#include <linux/i2c.h>
#include <linux/notifier.h>
#include <drm/drm_device.h>

struct backlight_device;
struct regmap;

struct ssx_device {
	struct drm_device drm;
	struct i2c_client *client;
	struct regmap *map;
	struct backlight_device *light;
	struct notifier_block pm_nb;
};

/* A part of the driver; they come up in order and go in reverse. */
struct ssx_part {
	const char *name;
	int (*init)(struct ssx_device *ssx);
	void (*fini)(struct ssx_device *ssx);
};

extern const struct ssx_part ssx_power_part;
extern const struct ssx_part ssx_light_part;

#define SSX_CONTRAST	0x81
#define SSX_DISPLAY	0xae

#endif
