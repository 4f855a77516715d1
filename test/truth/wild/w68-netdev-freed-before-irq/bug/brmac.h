/* SPDX-License-Identifier: MIT */
#ifndef BRMAC_H
#define BRMAC_H

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>

#define BRMAC_CTRL	0x00
#define BRMAC_IRQ_STAT	0x04
#define BRMAC_IRQ_MASK	0x08
#define BRMAC_RX_LEN	0x10
#define BRMAC_RX_FIFO	0x14
#define BRMAC_TX_LEN	0x18
#define BRMAC_TX_FIFO	0x1c
#define BRMAC_IRQ_RX	BIT(0)

struct brmac {
	void __iomem *base;
	struct net_device *ndev;
	struct napi_struct napi;
	u32 spurious;
};

int brmac_irq_attach(struct brmac *mac, struct platform_device *pdev);
int brmac_poll(struct napi_struct *napi, int budget);

static inline void brmac_unmask(struct brmac *mac, u32 bits)
{
	writel(bits, mac->base + BRMAC_IRQ_MASK);
}

#endif
