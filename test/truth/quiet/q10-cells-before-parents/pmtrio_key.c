// SPDX-License-Identifier: MIT
#include <linux/input.h>
#include <linux/interrupt.h>
#include <linux/slab.h>
#include "pmtrio.h"

struct pmtrio_key {
	struct pmtrio *pm;
	struct input_dev *input;
	int irq[2];
};

static irqreturn_t pmtrio_key_irq(int irq, void *data)
{
	struct pmtrio_key *key = data;
	unsigned int level;

	if (regmap_read(key->pm->map, PMTRIO_KEY, &level))
		return IRQ_NONE;
	key->pm->levels[irq == key->irq[PMTRIO_IRQ_RELEASE]] = level;
	input_report_key(key->input, KEY_POWER, level & 1);
	input_sync(key->input);
	return IRQ_HANDLED;
}

static int pmtrio_key_probe(struct platform_device *pdev)
{
	struct pmtrio *pm = dev_get_drvdata(pdev->dev.parent);
	struct pmtrio_key *key;
	int i, ret;

	key = kzalloc(sizeof(*key), GFP_KERNEL);
	if (!key)
		return -ENOMEM;
	key->pm = pm;
	platform_set_drvdata(pdev, key);

	ret = -ENOMEM;
	key->input = input_allocate_device();
	if (!key->input)
		goto err_key;
	key->input->name = "pmtrio power key";
	input_set_capability(key->input, EV_KEY, KEY_POWER);

	for (i = 0; i < ARRAY_SIZE(key->irq); i++) {
		key->irq[i] = platform_get_irq(pdev, i);
		ret = key->irq[i] < 0 ? key->irq[i] :
		      request_threaded_irq(key->irq[i], NULL, pmtrio_key_irq, IRQF_ONESHOT,
					   "pmtrio-key", key);
		if (ret)
			goto err_irq;
	}

	ret = input_register_device(key->input);
	if (ret)
		goto err_irq;
	return 0;

err_irq:
	while (i--)
		free_irq(key->irq[i], key);
	input_free_device(key->input);
err_key:
	kfree(key);
	return ret;
}

static void pmtrio_key_remove(struct platform_device *pdev)
{
	struct pmtrio_key *key = platform_get_drvdata(pdev);
	int i;

	for (i = 0; i < ARRAY_SIZE(key->irq); i++)
		free_irq(key->irq[i], key);
	input_unregister_device(key->input);
	kfree(key);
}

struct platform_driver pmtrio_key_driver = {
	.probe = pmtrio_key_probe,
	.remove = pmtrio_key_remove,
	.driver = { .name = "pmtrio-key", .suppress_bind_attrs = true },
};
