// SPDX-License-Identifier: MIT
/* A small memory beside the processor that keeps the last words of a panic. */
#include <linux/clk.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/slab.h>
#include <linux/string.h>

#define EPITAPH_SIZE	128

struct epitaph {
	struct i2c_client *client;
	struct notifier_block panic;
	char *words;
};

static int epitaph_panic(struct notifier_block *nb, unsigned long event, void *message)
{
	struct epitaph *epitaph = container_of(nb, struct epitaph, panic);

	strscpy(epitaph->words, message, EPITAPH_SIZE);
	i2c_master_send(epitaph->client, epitaph->words, EPITAPH_SIZE);
	return NOTIFY_DONE;
}

static void epitaph_down(struct epitaph *epitaph)
{
	i2c_smbus_write_byte_data(epitaph->client, 0x00, 0x01);
	kfree(epitaph->words);
}

static int epitaph_probe(struct i2c_client *client)
{
	struct epitaph *epitaph;
	int ret;

	epitaph = devm_kzalloc(&client->dev, sizeof(*epitaph), GFP_KERNEL);
	if (!epitaph)
		return -ENOMEM;
	epitaph->client = client;
	epitaph->words = kzalloc(EPITAPH_SIZE, GFP_KERNEL);
	if (!epitaph->words)
		return -ENOMEM;
	i2c_set_clientdata(client, epitaph);

	epitaph->panic.notifier_call = epitaph_panic;
	ret = atomic_notifier_chain_register(&panic_notifier_list, &epitaph->panic);
	if (ret)
		kfree(epitaph->words);
	return ret;
}

static void epitaph_remove(struct i2c_client *client)
{
	struct epitaph *epitaph = i2c_get_clientdata(client);

	atomic_notifier_chain_unregister(&panic_notifier_list, &epitaph->panic);
	epitaph_down(epitaph);
}

static void epitaph_shutdown(struct i2c_client *client)
{
	struct epitaph *epitaph = i2c_get_clientdata(client);

	atomic_notifier_chain_unregister(&panic_notifier_list, &epitaph->panic);
	epitaph_down(epitaph);
}

static const struct i2c_device_id epitaph_ids[] = {
	{ "epitaph" },
	{ }
};
MODULE_DEVICE_TABLE(i2c, epitaph_ids);

static struct i2c_driver epitaph_driver = {
	.driver = { .name = "epitaph" },
	.probe = epitaph_probe,
	.remove = epitaph_remove,
	.shutdown = epitaph_shutdown,
	.id_table = epitaph_ids,
};
module_i2c_driver(epitaph_driver);

MODULE_DESCRIPTION("Epitaph panic memory");
MODULE_LICENSE("GPL");
