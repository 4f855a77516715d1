// SPDX-License-Identifier: MIT
#include <linux/hwmon.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define MISTRAL_TACH(n)		(0x10 + 4 * (n))
#define MISTRAL_DUTY(n)		(0x40 + 4 * (n))
#define MISTRAL_FANS		3
#define MISTRAL_PERIOD		(HZ / 4)

struct mistral_fan {
	void __iomem *base;
	struct timer_list tick;
	struct work_struct regulate;
	unsigned int target;
	long rpm[MISTRAL_FANS];
};

static void mistral_schedule(struct mistral_fan *fan)
{
	mod_timer(&fan->tick, jiffies + MISTRAL_PERIOD);
}

static void mistral_tick(struct timer_list *t)
{
	struct mistral_fan *fan = from_timer(fan, t, tick);

	schedule_work(&fan->regulate);
}

static void mistral_one(struct mistral_fan *fan, unsigned int n)
{
	u32 duty = readl(fan->base + MISTRAL_DUTY(n));

	WRITE_ONCE(fan->rpm[n], readl(fan->base + MISTRAL_TACH(n)));
	if (fan->rpm[n] < fan->target && duty < 255)
		duty++;
	else if (fan->rpm[n] > fan->target && duty > 0)
		duty--;
	writel(duty, fan->base + MISTRAL_DUTY(n));
}

static void mistral_regulate(struct work_struct *work)
{
	struct mistral_fan *fan = container_of(work, struct mistral_fan, regulate);
	unsigned int n;

	for (n = 0; n < MISTRAL_FANS; n++)
		mistral_one(fan, n);

	mistral_schedule(fan);
}

static umode_t mistral_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int ch)
{
	return 0444;
}

static int mistral_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int ch,
			long *val)
{
	struct mistral_fan *fan = dev_get_drvdata(dev);

	if (type != hwmon_fan || attr != hwmon_fan_input)
		return -EOPNOTSUPP;

	*val = READ_ONCE(fan->rpm[ch]);
	return 0;
}

static const struct hwmon_ops mistral_hwmon_ops = {
	.is_visible = mistral_visible,
	.read = mistral_read,
};

static const struct hwmon_channel_info * const mistral_info[] = {
	HWMON_CHANNEL_INFO(fan, HWMON_F_INPUT, HWMON_F_INPUT, HWMON_F_INPUT),
	NULL
};

static const struct hwmon_chip_info mistral_chip = {
	.ops = &mistral_hwmon_ops,
	.info = mistral_info,
};

static int mistral_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mistral_fan *fan;
	struct device *hwmon;

	fan = devm_kzalloc(dev, sizeof(*fan), GFP_KERNEL);
	if (!fan)
		return -ENOMEM;

	fan->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(fan->base))
		return PTR_ERR(fan->base);

	fan->target = 2400;
	timer_setup(&fan->tick, mistral_tick, 0);
	INIT_WORK(&fan->regulate, mistral_regulate);
	platform_set_drvdata(pdev, fan);

	hwmon = devm_hwmon_device_register_with_info(dev, "mistral", fan, &mistral_chip, NULL);
	if (IS_ERR(hwmon))
		return PTR_ERR(hwmon);

	mistral_schedule(fan);
	return 0;
}

static void mistral_remove(struct platform_device *pdev)
{
	struct mistral_fan *fan = platform_get_drvdata(pdev);

	timer_delete_sync(&fan->tick);
	cancel_work_sync(&fan->regulate);
}

static struct platform_driver mistral_driver = {
	.probe = mistral_probe,
	.remove = mistral_remove,
	.driver = { .name = "mistral-fan" },
};
module_platform_driver(mistral_driver);

MODULE_DESCRIPTION("Mistral fan regulator");
MODULE_LICENSE("GPL");
