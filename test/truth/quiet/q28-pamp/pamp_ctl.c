// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <sound/control.h>

#include "pamp.h"

void pamp_mute(struct pamp *amp, bool on)
{
	iowrite32(on, amp->regs + PAMP_MUTE);
}

static int pamp_vol_info(struct snd_kcontrol *kctl,
			 struct snd_ctl_elem_info *info)
{
	info->type = SNDRV_CTL_ELEM_TYPE_INTEGER;
	info->count = 1;
	info->value.integer.min = 0;
	info->value.integer.max = PAMP_VOL_MAX;

	return 0;
}

static int pamp_vol_get(struct snd_kcontrol *kctl,
			struct snd_ctl_elem_value *val)
{
	struct pamp *amp = snd_kcontrol_chip(kctl);

	mutex_lock(&amp->lock);
	val->value.integer.value[0] = amp->vol;
	mutex_unlock(&amp->lock);

	return 0;
}

static int pamp_vol_put(struct snd_kcontrol *kctl,
			struct snd_ctl_elem_value *val)
{
	struct pamp *amp = snd_kcontrol_chip(kctl);
	long vol = val->value.integer.value[0];
	int changed;

	if (vol < 0 || vol > PAMP_VOL_MAX)
		return -EINVAL;

	mutex_lock(&amp->lock);
	changed = amp->vol != vol;
	amp->vol = vol;
	iowrite32(vol, amp->regs + PAMP_VOL);
	mutex_unlock(&amp->lock);

	return changed;
}

static const struct snd_kcontrol_new pamp_vol = {
	.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
	.name = "Master Playback Volume",
	.info = pamp_vol_info,
	.get = pamp_vol_get,
	.put = pamp_vol_put,
};

int pamp_add_controls(struct pamp *amp)
{
	return snd_ctl_add(amp->card, snd_ctl_new1(&pamp_vol, amp));
}
