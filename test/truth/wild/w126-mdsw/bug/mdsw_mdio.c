// SPDX-License-Identifier: MIT
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/of.h>
#include <linux/of_mdio.h>
#include <linux/phy.h>

#include "mdsw.h"

static int mdsw_mdio_cmd(struct mdsw *sw, u32 cmd)
{
	u32 val;

	writel(MDSW_MDIO_BUSY | cmd, sw->base + MDSW_MDIO_CMD);

	return readl_poll_timeout(sw->base + MDSW_MDIO_CMD, val,
				  !(val & MDSW_MDIO_BUSY), 10, 5000);
}

static int mdsw_mdio_read(struct mii_bus *bus, int addr, int reg)
{
	struct mdsw *sw = bus->priv;
	int ret = mdsw_mdio_cmd(sw, addr << 8 | reg);

	return ret ? ret : readl(sw->base + MDSW_MDIO_DATA) & 0xffff;
}

static int mdsw_mdio_write(struct mii_bus *bus, int addr, int reg, u16 val)
{
	struct mdsw *sw = bus->priv;

	writel(val, sw->base + MDSW_MDIO_DATA);

	return mdsw_mdio_cmd(sw, MDSW_MDIO_WR | addr << 8 | reg);
}

int mdsw_mdio_register(struct mdsw *sw)
{
	struct device_node *np;
	struct mii_bus *bus;
	int ret;

	bus = mdiobus_alloc();
	if (!bus)
		return -ENOMEM;

	bus->name = "mdsw";
	bus->priv = sw;
	bus->parent = sw->dev;
	bus->read = mdsw_mdio_read;
	bus->write = mdsw_mdio_write;
	snprintf(bus->id, MII_BUS_ID_SIZE, "mdsw-%s", dev_name(sw->dev));

	np = of_get_child_by_name(sw->dev->of_node, "mdio");
	ret = of_mdiobus_register(bus, np);
	of_node_put(np);
	if (ret) {
		mdiobus_free(bus);
		return ret;
	}

	sw->bus = bus;

	return 0;
}

void mdsw_mdio_unregister(struct mdsw *sw)
{
	mdiobus_unregister(sw->bus);
	mdiobus_free(sw->bus);
}
