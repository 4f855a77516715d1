/* SPDX-License-Identifier: MIT */
#ifndef _MDSW_H_
#define _MDSW_H_

struct device;
struct mii_bus;

#define MDSW_MDIO_CMD	0x00
#define  MDSW_MDIO_BUSY	BIT(31)
#define  MDSW_MDIO_WR	BIT(30)
#define MDSW_MDIO_DATA	0x04
#define MDSW_TEMP	0x20

struct mdsw {
	struct device *dev;
	void __iomem *base;
	struct mii_bus *bus;
};

int mdsw_mdio_register(struct mdsw *sw);
void mdsw_mdio_unregister(struct mdsw *sw);

#endif
