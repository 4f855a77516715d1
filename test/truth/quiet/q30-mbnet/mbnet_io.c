// SPDX-License-Identifier: MIT
#include <linux/if_ether.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>

#include "mbnet.h"

void mbnet_send(struct mbnet *mb, const struct sk_buff *skb)
{
	unsigned int i;

	writel(skb->len, mb->base + MBNET_TXLEN);
	for (i = 0; i < skb->len; i++)
		writeb(skb->data[i], mb->base + MBNET_TXDATA);
}

static bool mbnet_receive(struct mbnet *mb)
{
	u32 len = readl(mb->base + MBNET_RXLEN);
	struct sk_buff *skb;
	u32 i;

	if (!len || len > MBNET_MTU)
		return false;

	skb = netdev_alloc_skb(mb->ndev, len);
	if (!skb) {
		mb->ndev->stats.rx_dropped++;
		return false;
	}

	for (i = 0; i < len; i++)
		skb_put_u8(skb, readb(mb->base + MBNET_RXDATA));

	skb->protocol = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	mb->ndev->stats.rx_packets++;
	netif_rx(skb);

	return true;
}

void mbnet_poll(struct work_struct *work)
{
	struct mbnet *mb = container_of(to_delayed_work(work),
					struct mbnet, poll);
	int budget = 16;

	while (budget-- && mbnet_receive(mb))
		;

	schedule_delayed_work(&mb->poll, msecs_to_jiffies(MBNET_POLL_MS));
}
