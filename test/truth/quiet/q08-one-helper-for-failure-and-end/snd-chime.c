// SPDX-License-Identifier: MIT
/* PCI door chime: a tone generator with a volume control and nothing else. */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <sound/control.h>
#include <sound/core.h>
#include <sound/initval.h>

#define CHIME_VOLUME	0x00
#define CHIME_IRQ_EN	0x04
#define CHIME_IRQ_STAT	0x08

struct chime {
	struct snd_card *card;
	struct pci_dev *pci;
	void __iomem *port;
	struct snd_ctl_elem_id *vol_id;
	unsigned int regions:1;
	unsigned int enabled:1;
	int irq;
};

/* Used when the constructor fails and as the destructor of the card's device: any state is fine. */
static void chime_free(struct chime *chip)
{
	if (chip->irq >= 0) {
		writel(0, chip->port + CHIME_IRQ_EN);
		free_irq(chip->irq, chip);
		chip->irq = -1;
	}
	kfree(chip->vol_id);
	chip->vol_id = NULL;
	if (chip->port) {
		pci_iounmap(chip->pci, chip->port);
		chip->port = NULL;
	}
	if (chip->regions)
		pci_release_regions(chip->pci);
	if (chip->enabled)
		pci_disable_device(chip->pci);
	kfree(chip);
}

static int chime_dev_free(struct snd_device *device)
{
	chime_free(device->device_data);
	return 0;
}

static const struct snd_device_ops chime_dev_ops = { .dev_free = chime_dev_free };

static irqreturn_t chime_interrupt(int irq, void *data)
{
	struct chime *chip = data;
	u32 stat = readl(chip->port + CHIME_IRQ_STAT);

	if (!stat)
		return IRQ_NONE;
	writel(stat, chip->port + CHIME_IRQ_STAT);
	snd_ctl_notify(chip->card, SNDRV_CTL_EVENT_MASK_VALUE, chip->vol_id);
	return IRQ_HANDLED;
}

static int chime_vol_info(struct snd_kcontrol *kctl, struct snd_ctl_elem_info *info)
{
	info->type = SNDRV_CTL_ELEM_TYPE_INTEGER;
	info->count = 1;
	info->value.integer.max = 63;
	return 0;
}

static int chime_vol_get(struct snd_kcontrol *kctl, struct snd_ctl_elem_value *val)
{
	struct chime *chip = snd_kcontrol_chip(kctl);

	val->value.integer.value[0] = readl(chip->port + CHIME_VOLUME) & 63;
	return 0;
}

static int chime_vol_put(struct snd_kcontrol *kctl, struct snd_ctl_elem_value *val)
{
	struct chime *chip = snd_kcontrol_chip(kctl);
	u32 old = readl(chip->port + CHIME_VOLUME) & 63;
	u32 new = val->value.integer.value[0] & 63;

	writel(new, chip->port + CHIME_VOLUME);
	return new != old;
}

static const struct snd_kcontrol_new chime_vol = {
	.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
	.name = "Chime Playback Volume",
	.info = chime_vol_info,
	.get = chime_vol_get,
	.put = chime_vol_put,
};

static int chime_create(struct snd_card *card, struct pci_dev *pci, struct chime **rchip)
{
	struct chime *chip = kzalloc(sizeof(*chip), GFP_KERNEL);
	int err;

	if (!chip)
		return -ENOMEM;
	chip->card = card;
	chip->pci = pci;
	chip->irq = -1;

	err = pci_enable_device(pci);
	if (err)
		goto fail;
	chip->enabled = 1;
	err = pci_request_regions(pci, "chime");
	if (err)
		goto fail;
	chip->regions = 1;

	err = -ENOMEM;
	chip->port = pci_iomap(pci, 0, 0);
	if (!chip->port)
		goto fail;
	chip->vol_id = kzalloc(sizeof(*chip->vol_id), GFP_KERNEL);
	if (!chip->vol_id)
		goto fail;
	chip->vol_id->iface = chime_vol.iface;
	strscpy(chip->vol_id->name, chime_vol.name, sizeof(chip->vol_id->name));

	err = request_irq(pci->irq, chime_interrupt, IRQF_SHARED, "chime", chip);
	if (err)
		goto fail;
	chip->irq = pci->irq;

	err = snd_device_new(card, SNDRV_DEV_LOWLEVEL, chip, &chime_dev_ops);
	if (err)
		goto fail;
	*rchip = chip;
	return 0;

fail:
	chime_free(chip);
	return err;
}

static int chime_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	struct snd_card *card;
	struct chime *chip;
	int err;

	err = snd_card_new(&pci->dev, SNDRV_DEFAULT_IDX1, SNDRV_DEFAULT_STR1, THIS_MODULE, 0, &card);
	if (err)
		return err;

	err = chime_create(card, pci, &chip);
	if (err)
		goto fail;
	err = snd_ctl_add(card, snd_ctl_new1(&chime_vol, chip));
	if (err)
		goto fail;
	strscpy(card->driver, "Chime", sizeof(card->driver));
	strscpy(card->shortname, "Door Chime", sizeof(card->shortname));
	err = snd_card_register(card);
	if (err)
		goto fail;
	writel(1, chip->port + CHIME_IRQ_EN);
	pci_set_drvdata(pci, card);
	return 0;

fail:
	snd_card_free(card);	/* the card's devices, and so the chip, go with it */
	return err;
}

static void chime_remove(struct pci_dev *pci)
{
	snd_card_free(pci_get_drvdata(pci));
}

static const struct pci_device_id chime_ids[] = {
	{ PCI_DEVICE(0x1b36, 0x7c01) },
	{ }
};
MODULE_DEVICE_TABLE(pci, chime_ids);

static struct pci_driver chime_driver = {
	.name = "snd-chime",
	.id_table = chime_ids,
	.probe = chime_probe,
	.remove = chime_remove,
};
module_pci_driver(chime_driver);

MODULE_DESCRIPTION("PCI door chime");
MODULE_LICENSE("GPL");
