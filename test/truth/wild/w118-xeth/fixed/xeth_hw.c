// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/skbuff.h>

#include "xeth.h"

void xeth_hw_irq(struct xeth *xe, bool on)
{
	writel(on ? XETH_INT_RX : 0, xe->base + XETH_IMASK);
}

void xeth_hw_tx(struct xeth *xe, const struct sk_buff *skb)
{
	unsigned int i;

	writel(skb->len, xe->base + XETH_TXLEN);
	for (i = 0; i < skb->len; i++)
		writeb(skb->data[i], xe->base + XETH_TXFIFO);
}

struct sk_buff *xeth_hw_rx(struct xeth *xe)
{
	unsigned int len = readl(xe->base + XETH_RXLEN) & 0x7ff;
	struct sk_buff *skb;
	unsigned int i;

	if (!len)
		return NULL;

	skb = netdev_alloc_skb_ip_align(xe->ndev, len);
	for (i = 0; i < len; i++) {
		u8 b = readb(xe->base + XETH_RXFIFO);

		if (skb)
			skb_put_u8(skb, b);
	}
	if (!skb)
		xe->ndev->stats.rx_dropped++;

	return skb;
}
