// SPDX-License-Identifier: MIT
/* TD3029 seconds counter with one alarm comparator, on I2C. */
#include <linux/i2c.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/regmap.h>
#include <linux/rtc.h>

#define TIDAL_COUNT	0x00	/* 4 bytes, big endian */
#define TIDAL_ALARM	0x04	/* 4 bytes, big endian */
#define TIDAL_CTRL	0x08
#define TIDAL_FLAGS	0x09
#define TIDAL_AIE	BIT(0)
#define TIDAL_AF	BIT(0)

struct tidal {
	struct i2c_client *client;
	struct regmap *map;
	struct rtc_device *rtc;
};

static const struct regmap_config tidal_regmap = {
	.reg_bits = 8,
	.val_bits = 8,
	.max_register = TIDAL_FLAGS,
};

static int tidal_get(struct device *dev, unsigned int reg, struct rtc_time *tm)
{
	struct tidal *tidal = dev_get_drvdata(dev);
	__be32 raw;
	int ret;

	ret = regmap_bulk_read(tidal->map, reg, &raw, sizeof(raw));
	if (!ret)
		rtc_time64_to_tm(be32_to_cpu(raw), tm);
	return ret;
}

static int tidal_put(struct device *dev, unsigned int reg, struct rtc_time *tm)
{
	struct tidal *tidal = dev_get_drvdata(dev);
	__be32 raw = cpu_to_be32(rtc_tm_to_time64(tm));

	return regmap_bulk_write(tidal->map, reg, &raw, sizeof(raw));
}

static int tidal_read_time(struct device *dev, struct rtc_time *tm)
{
	return tidal_get(dev, TIDAL_COUNT, tm);
}

static int tidal_set_time(struct device *dev, struct rtc_time *tm)
{
	return tidal_put(dev, TIDAL_COUNT, tm);
}

static int tidal_alarm_irq_enable(struct device *dev, unsigned int on)
{
	struct tidal *tidal = dev_get_drvdata(dev);

	return regmap_update_bits(tidal->map, TIDAL_CTRL, TIDAL_AIE, on ? TIDAL_AIE : 0);
}

static int tidal_read_alarm(struct device *dev, struct rtc_wkalrm *alrm)
{
	struct tidal *tidal = dev_get_drvdata(dev);
	unsigned int ctrl;
	int ret;

	ret = regmap_read(tidal->map, TIDAL_CTRL, &ctrl);
	if (ret)
		return ret;
	alrm->enabled = !!(ctrl & TIDAL_AIE);
	return tidal_get(dev, TIDAL_ALARM, &alrm->time);
}

static int tidal_set_alarm(struct device *dev, struct rtc_wkalrm *alrm)
{
	int ret = tidal_put(dev, TIDAL_ALARM, &alrm->time);

	return ret ?: tidal_alarm_irq_enable(dev, alrm->enabled);
}

static const struct rtc_class_ops tidal_ops = {
	.read_time = tidal_read_time,
	.set_time = tidal_set_time,
	.read_alarm = tidal_read_alarm,
	.set_alarm = tidal_set_alarm,
	.alarm_irq_enable = tidal_alarm_irq_enable,
};

static irqreturn_t tidal_alarm(int irq, void *data)
{
	struct tidal *tidal = data;
	unsigned int flags;

	if (regmap_read(tidal->map, TIDAL_FLAGS, &flags) || !(flags & TIDAL_AF))
		return IRQ_NONE;
	regmap_write(tidal->map, TIDAL_FLAGS, 0);
	rtc_update_irq(tidal->rtc, 1, RTC_IRQF | RTC_AF);
	return IRQ_HANDLED;
}

static int tidal_init_map(struct tidal *tidal)
{
	tidal->map = devm_regmap_init_i2c(tidal->client, &tidal_regmap);
	return PTR_ERR_OR_ZERO(tidal->map);
}

static int tidal_init_rtc(struct tidal *tidal)
{
	struct rtc_device *rtc = devm_rtc_allocate_device(&tidal->client->dev);

	if (IS_ERR(rtc))
		return PTR_ERR(rtc);
	rtc->ops = &tidal_ops;
	rtc->range_max = U32_MAX;
	tidal->rtc = rtc;
	return 0;
}

static int tidal_init_irq(struct tidal *tidal)
{
	return devm_request_threaded_irq(&tidal->client->dev, tidal->client->irq, NULL, tidal_alarm,
					 IRQF_ONESHOT | IRQF_SHARED, "tidal", tidal);
}

static int tidal_publish(struct tidal *tidal)
{
	return devm_rtc_register_device(tidal->rtc);
}

static int (* const tidal_steps[])(struct tidal *tidal) = {
	tidal_init_map,
	tidal_init_rtc,
	tidal_init_irq,
	tidal_publish,
};

static int tidal_probe(struct i2c_client *client)
{
	struct tidal *tidal;
	int i, ret;

	tidal = devm_kzalloc(&client->dev, sizeof(*tidal), GFP_KERNEL);
	if (!tidal)
		return -ENOMEM;
	tidal->client = client;
	i2c_set_clientdata(client, tidal);

	for (i = 0; i < ARRAY_SIZE(tidal_steps); i++) {
		ret = tidal_steps[i](tidal);
		if (ret)
			return dev_err_probe(&client->dev, ret, "step %d\n", i);
	}
	return 0;
}

static const struct i2c_device_id tidal_ids[] = {
	{ "td3029" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, tidal_ids);

static struct i2c_driver tidal_driver = {
	.driver = { .name = "rtc-tidal" },
	.probe = tidal_probe,
	.id_table = tidal_ids,
};
module_i2c_driver(tidal_driver);

MODULE_DESCRIPTION("TD3029 real time clock");
MODULE_LICENSE("GPL");
