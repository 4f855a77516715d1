/* SPDX-License-Identifier: MIT */
#ifndef CORVID_H
#define CORVID_H

#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/netdevice.h>

#define CORVID_RING_BYTES	SZ_4K
#define CORVID_IRQ_STAT		0x04
#define CORVID_IRQ_MASK		0x08
#define CORVID_RX_BASE		0x10

struct corvid_hw_ops {
	int (*ring_up)(struct net_device *ndev);
	void (*ring_down)(struct net_device *ndev);
};

struct corvid {
	struct device *dev;
	void __iomem *regs;
	const struct corvid_hw_ops *hw;
	struct napi_struct napi;
	u32 *rx;
	dma_addr_t rx_dma;
	int irq;
};

extern const struct corvid_hw_ops corvid_hw;
int corvid_poll(struct napi_struct *napi, int budget);

#endif
