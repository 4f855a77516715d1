// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/slab.h>

#include "tagbox.h"

static int tagbox_probe(struct spi_device *spi)
{
	struct tagbox *tb;
	int ret;

	spi->bits_per_word = 8;
	ret = spi_setup(spi);
	if (ret)
		return ret;

	tb = kzalloc(sizeof(*tb), GFP_KERNEL);
	if (!tb)
		return -ENOMEM;

	kref_init(&tb->ref);
	mutex_init(&tb->lock);
	tb->spi = spi;
	spi_set_drvdata(spi, tb);

	ret = tagbox_chr_add(tb, &spi->dev);
	if (ret)
		tagbox_put(tb);

	return ret;
}

static void tagbox_remove(struct spi_device *spi)
{
	struct tagbox *tb = spi_get_drvdata(spi);

	tagbox_chr_del(tb);
	tagbox_put(tb);
}

static const struct spi_device_id tagbox_ids[] = {
	{ "tagbox" },
	{ }
};
MODULE_DEVICE_TABLE(spi, tagbox_ids);

static struct spi_driver tagbox_driver = {
	.driver = { .name = "tagbox" },
	.probe = tagbox_probe,
	.remove = tagbox_remove,
	.id_table = tagbox_ids,
};
module_spi_driver(tagbox_driver);

MODULE_DESCRIPTION("Tagbox card reader");
MODULE_LICENSE("GPL");
