// SPDX-License-Identifier: MIT
/* Log FIFO of a companion controller on SPI. */
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/sysfs.h>

#include "slog.h"

static ssize_t bytes_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct slog *lg = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", atomic_read(&lg->bytes));
}
static DEVICE_ATTR_RO(bytes);

static struct attribute *slog_attrs[] = {
	&dev_attr_bytes.attr,
	NULL
};
ATTRIBUTE_GROUPS(slog);

static irqreturn_t slog_irq(int irq, void *data)
{
	struct slog *lg = data;

	queue_work(lg->wq, &lg->drain);

	return IRQ_HANDLED;
}

static int slog_probe(struct spi_device *spi)
{
	struct device *dev = &spi->dev;
	struct slog *lg;
	int ret;

	lg = devm_kzalloc(dev, sizeof(*lg), GFP_KERNEL);
	if (!lg)
		return -ENOMEM;

	lg->buf = devm_kmalloc(dev, SLOG_BUF_LEN, GFP_KERNEL);
	if (!lg->buf)
		return -ENOMEM;

	lg->spi = spi;
	INIT_WORK(&lg->drain, slog_drain);
	spi_set_drvdata(spi, lg);

	lg->wq = alloc_workqueue("slog", WQ_UNBOUND, 1);
	if (!lg->wq)
		return -ENOMEM;

	ret = devm_request_irq(dev, spi->irq, slog_irq, IRQF_TRIGGER_RISING,
			       dev_name(dev), lg);
	if (ret) {
		destroy_workqueue(lg->wq);
		return dev_err_probe(dev, ret, "cannot request irq\n");
	}

	return 0;
}

static void slog_remove(struct spi_device *spi)
{
	struct slog *lg = spi_get_drvdata(spi);

	devm_free_irq(&spi->dev, spi->irq, lg);
	destroy_workqueue(lg->wq);
	devm_kfree(&spi->dev, lg->buf);
}

static const struct spi_device_id slog_id[] = {
	{ "slog" },
	{ }
};
MODULE_DEVICE_TABLE(spi, slog_id);

static const struct of_device_id slog_of_match[] = {
	{ .compatible = "acme,slog" },
	{ }
};
MODULE_DEVICE_TABLE(of, slog_of_match);

static struct spi_driver slog_driver = {
	.driver = {
		.name = "slog",
		.of_match_table = slog_of_match,
		.dev_groups = slog_groups,
	},
	.probe = slog_probe,
	.remove = slog_remove,
	.id_table = slog_id,
};
module_spi_driver(slog_driver);

MODULE_DESCRIPTION("SPI log FIFO");
MODULE_LICENSE("GPL");
