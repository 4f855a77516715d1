// SPDX-License-Identifier: MIT
/* Presence watcher for a cage of SFP modules behind one I2C expander. */
#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/sysfs.h>

#include "sfphub.h"

/* all hubs share one queue, they often sit on the same slow bus */
struct workqueue_struct *sfphub_wq;

static ssize_t present_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct sfphub *hub = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%#04x\n", hub->present);
}
static DEVICE_ATTR_RO(present);

static struct attribute *sfphub_attrs[] = {
	&dev_attr_present.attr,
	NULL
};
ATTRIBUTE_GROUPS(sfphub);

static int sfphub_probe(struct i2c_client *client)
{
	struct sfphub *hub;
	int ret;

	ret = i2c_smbus_read_byte_data(client, SFPHUB_REG_PRESENT);
	if (ret < 0)
		return dev_err_probe(&client->dev, ret, "no expander\n");

	hub = devm_kzalloc(&client->dev, sizeof(*hub), GFP_KERNEL);
	if (!hub)
		return -ENOMEM;

	hub->client = client;
	hub->present = ret;
	INIT_DELAYED_WORK(&hub->poll, sfphub_poll);
	i2c_set_clientdata(client, hub);

	sfphub_poll_start(hub);

	return 0;
}

static void sfphub_remove(struct i2c_client *client)
{
	sfphub_poll_stop(i2c_get_clientdata(client));
}

static const struct i2c_device_id sfphub_id[] = {
	{ "sfphub8" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, sfphub_id);

static const struct of_device_id sfphub_of_match[] = {
	{ .compatible = "acme,sfphub8" },
	{ }
};
MODULE_DEVICE_TABLE(of, sfphub_of_match);

static struct i2c_driver sfphub_driver = {
	.driver = {
		.name = "sfphub",
		.of_match_table = sfphub_of_match,
		.dev_groups = sfphub_groups,
	},
	.probe = sfphub_probe,
	.remove = sfphub_remove,
	.id_table = sfphub_id,
};

static int __init sfphub_init(void)
{
	int ret;

	sfphub_wq = alloc_workqueue("sfphub", WQ_FREEZABLE, 0);
	if (!sfphub_wq)
		return -ENOMEM;

	ret = i2c_add_driver(&sfphub_driver);
	if (ret)
		destroy_workqueue(sfphub_wq);

	return ret;
}
module_init(sfphub_init);

static void __exit sfphub_exit(void)
{
	i2c_del_driver(&sfphub_driver);
	destroy_workqueue(sfphub_wq);
}
module_exit(sfphub_exit);

MODULE_DESCRIPTION("SFP presence hub");
MODULE_LICENSE("GPL");
