/* SPDX-License-Identifier: MIT */
#ifndef _PAMP_H_
#define _PAMP_H_

#include <linux/mutex.h>
#include <sound/core.h>

#define PAMP_VOL	0x00
#define PAMP_MUTE	0x04
#define PAMP_VOL_MAX	63

struct pamp {
	struct snd_card *card;
	void __iomem *regs;
	struct mutex lock;	/* protects vol */
	unsigned int vol;
};

int pamp_add_controls(struct pamp *amp);
void pamp_mute(struct pamp *amp, bool on);

#endif
