/* SPDX-License-Identifier: MIT */
#ifndef _ODAC_H_
#define _ODAC_H_

#include <linux/iio/iio.h>
#include <linux/mutex.h>
#include <linux/spi/spi.h>

struct regulator;

#define ODAC_BITS	12
#define ODAC_INT_REF_MV	2500

struct odac {
	struct spi_device *spi;
	struct regulator *vref;
	struct mutex lock;	/* protects value and the bus */
	bool ext_ref;
	int ref_mv;
	u16 value;
};

int odac_ref_get(struct odac *st);
void odac_ref_put(struct odac *st);

#endif
