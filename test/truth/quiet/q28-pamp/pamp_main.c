// SPDX-License-Identifier: MIT
/* PCI power amplifier, mixer only. */
#include <linux/module.h>
#include <linux/pci.h>
#include <sound/initval.h>

#include "pamp.h"

#define PAMP_BAR	0

static void pamp_card_free(struct snd_card *card)
{
	pamp_mute(card->private_data, true);
}

static int pamp_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	struct snd_card *card;
	struct pamp *amp;
	int ret;

	ret = pcim_enable_device(pci);
	if (ret)
		return ret;

	ret = pcim_iomap_regions(pci, BIT(PAMP_BAR), KBUILD_MODNAME);
	if (ret)
		return ret;

	ret = snd_devm_card_new(&pci->dev, SNDRV_DEFAULT_IDX1,
				SNDRV_DEFAULT_STR1, THIS_MODULE,
				sizeof(*amp), &card);
	if (ret)
		return ret;

	amp = card->private_data;
	amp->card = card;
	amp->regs = pcim_iomap_table(pci)[PAMP_BAR];
	mutex_init(&amp->lock);
	card->private_free = pamp_card_free;

	strscpy(card->driver, "pamp", sizeof(card->driver));
	strscpy(card->shortname, "PCI amplifier", sizeof(card->shortname));
	snprintf(card->longname, sizeof(card->longname), "PCI amplifier at %s",
		 pci_name(pci));

	ret = pamp_add_controls(amp);
	if (ret)
		return ret;

	pamp_mute(amp, false);

	ret = snd_card_register(card);
	if (ret)
		return ret;

	pci_set_drvdata(pci, card);

	return 0;
}

static const struct pci_device_id pamp_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x4a01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pamp_ids);

static struct pci_driver pamp_driver = {
	.name = KBUILD_MODNAME,
	.id_table = pamp_ids,
	.probe = pamp_probe,
};
module_pci_driver(pamp_driver);

MODULE_DESCRIPTION("PCI amplifier");
MODULE_LICENSE("GPL");
