// SPDX-License-Identifier: MIT
/* Dust counter on I2C. Runtime PM is devm's; the count is flushed by a work item when it goes to sleep. */
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/regulator/consumer.h>
#include <linux/workqueue.h>

struct cinder {
	struct i2c_client *client;
	struct workqueue_struct *flushers;
	struct work_struct flush;
	struct regulator *supply;
	u32 total;
};

static ssize_t total_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct cinder *cinder = dev_get_drvdata(dev);
	int grains, ret;

	ret = pm_runtime_resume_and_get(dev);
	if (ret)
		return ret;
	grains = i2c_smbus_read_word_data(cinder->client, 0x02);
	pm_runtime_mark_last_busy(dev);
	pm_runtime_put_autosuspend(dev);
	if (grains > 0)
		cinder->total += grains;
	return sysfs_emit(buf, "%u\n", cinder->total);
}
static DEVICE_ATTR_RO(total);

static struct attribute *cinder_attrs[] = {
	&dev_attr_total.attr,
	NULL
};
ATTRIBUTE_GROUPS(cinder);

static void cinder_flush(struct work_struct *work)
{
	struct cinder *cinder = container_of(work, struct cinder, flush);

	dev_info(&cinder->client->dev, "%u grains so far\n", cinder->total);
}

static int cinder_suspend(struct device *dev)
{
	struct cinder *cinder = dev_get_drvdata(dev);

	queue_work(cinder->flushers, &cinder->flush);
	return regulator_disable(cinder->supply);
}

static int cinder_resume(struct device *dev)
{
	struct cinder *cinder = dev_get_drvdata(dev);

	return regulator_enable(cinder->supply);
}

static const struct dev_pm_ops cinder_pm_ops = {
	RUNTIME_PM_OPS(cinder_suspend, cinder_resume, NULL)
};

static int cinder_probe(struct i2c_client *client)
{
	struct device *dev = &client->dev;
	struct cinder *cinder;
	int ret;

	cinder = devm_kzalloc(dev, sizeof(*cinder), GFP_KERNEL);
	if (!cinder)
		return -ENOMEM;
	cinder->client = client;
	INIT_WORK(&cinder->flush, cinder_flush);
	cinder->supply = devm_regulator_get(dev, "vdd");
	if (IS_ERR(cinder->supply))
		return PTR_ERR(cinder->supply);
	i2c_set_clientdata(client, cinder);

	cinder->flushers = alloc_ordered_workqueue("cinder", 0);
	if (!cinder->flushers)
		return -ENOMEM;

	pm_runtime_set_autosuspend_delay(dev, 1000);
	pm_runtime_use_autosuspend(dev);
	ret = devm_pm_runtime_enable(dev);
	if (ret) {
		destroy_workqueue(cinder->flushers);
		return ret;
	}
	return 0;
}

static void cinder_remove(struct i2c_client *client)
{
	struct cinder *cinder = i2c_get_clientdata(client);

	destroy_workqueue(cinder->flushers);
}

static const struct i2c_device_id cinder_ids[] = {
	{ "cinder" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, cinder_ids);

static struct i2c_driver cinder_driver = {
	.driver = {
		.name = "cinder",
		.pm = pm_ptr(&cinder_pm_ops),
		.dev_groups = cinder_groups,
	},
	.probe = cinder_probe,
	.remove = cinder_remove,
	.id_table = cinder_ids,
};
module_i2c_driver(cinder_driver);

MODULE_DESCRIPTION("Cinder dust counter");
MODULE_LICENSE("GPL");
