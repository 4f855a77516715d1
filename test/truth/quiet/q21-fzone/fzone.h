/* SPDX-License-Identifier: MIT */
#ifndef _FZONE_H_
#define _FZONE_H_

#include <linux/device.h>

#define FZONE_WORDS	16

struct fzone {
	struct device dev;
	void __iomem *base;
	int id;
	u32 *shadow;
};

#define dev_to_fzone(_d) container_of(_d, struct fzone, dev)

extern const struct class fzone_class;

struct fzone *fzone_create(struct device *parent, void __iomem *base);
void fzone_destroy(struct fzone *fz);
void fzone_ids_cleanup(void);

#endif
