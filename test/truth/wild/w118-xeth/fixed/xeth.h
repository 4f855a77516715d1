/* SPDX-License-Identifier: MIT */
#ifndef _XETH_H_
#define _XETH_H_

#include <linux/netdevice.h>

#define XETH_CTRL	0x00
#define  XETH_CTRL_EN	BIT(0)
#define XETH_IMASK	0x04
#define XETH_ISTAT	0x08
#define  XETH_INT_RX	BIT(0)
#define XETH_RXLEN	0x10
#define XETH_RXFIFO	0x14
#define XETH_TXLEN	0x18
#define XETH_TXFIFO	0x1c

struct xeth {
	void __iomem *base;
	struct napi_struct napi;
	struct net_device *ndev;
	int irq;
};

void xeth_hw_irq(struct xeth *xe, bool on);
void xeth_hw_tx(struct xeth *xe, const struct sk_buff *skb);
struct sk_buff *xeth_hw_rx(struct xeth *xe);

#endif
