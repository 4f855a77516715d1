#include <linux/module.h>
#include <linux/regmap.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_print.h>

#include "ssx.h"

DEFINE_DRM_GEM_FOPS(ssx_fops);

static const struct drm_driver ssx_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &ssx_fops,
	.name = "ssx",
	.desc = "SSX panel",
};

static const struct regmap_config ssx_regmap_config = {
	.reg_bits = 8,
	.val_bits = 8,
};

static const struct ssx_part *const ssx_parts[] = {
	&ssx_power_part,
	&ssx_light_part,
};

static void ssx_parts_down(struct ssx_device *ssx, unsigned int up)
{
	while (up--)
		ssx_parts[up]->fini(ssx);
}

static int ssx_parts_up(struct ssx_device *ssx)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(ssx_parts); i++) {
		ret = ssx_parts[i]->init(ssx);
		if (ret) {
			drm_err(&ssx->drm, "no %s: %d\n", ssx_parts[i]->name, ret);
			ssx_parts_down(ssx, i);
			return ret;
		}
	}

	return 0;
}

static int ssx_probe(struct i2c_client *client)
{
	struct ssx_device *ssx;
	int ret;

	ssx = devm_drm_dev_alloc(&client->dev, &ssx_driver, struct ssx_device, drm);
	if (IS_ERR(ssx))
		return PTR_ERR(ssx);
	ssx->client = client;
	i2c_set_clientdata(client, ssx);

	ssx->map = devm_regmap_init_i2c(client, &ssx_regmap_config);
	if (IS_ERR(ssx->map))
		return PTR_ERR(ssx->map);

	ret = ssx_parts_up(ssx);
	if (ret)
		return ret;

	ret = drm_dev_register(&ssx->drm, 0);
	if (ret)
		ssx_parts_down(ssx, ARRAY_SIZE(ssx_parts));

	return ret;
}

static void ssx_remove(struct i2c_client *client)
{
	struct ssx_device *ssx = i2c_get_clientdata(client);

	drm_dev_unplug(&ssx->drm);
	ssx_parts_down(ssx, ARRAY_SIZE(ssx_parts));
}

static const struct i2c_device_id ssx_ids[] = {
	{ "ssx" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, ssx_ids);

static struct i2c_driver ssx_i2c_driver = {
	.driver.name = "ssx",
	.probe = ssx_probe,
	.remove = ssx_remove,
	.id_table = ssx_ids,
};
module_i2c_driver(ssx_i2c_driver);

MODULE_DESCRIPTION("SSX panel");
MODULE_LICENSE("GPL");
