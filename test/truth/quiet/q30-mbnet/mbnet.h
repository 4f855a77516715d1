/* SPDX-License-Identifier: MIT */
#ifndef _MBNET_H_
#define _MBNET_H_

#include <linux/netdevice.h>
#include <linux/workqueue.h>

#define MBNET_RXLEN	0x00
#define MBNET_RXDATA	0x04
#define MBNET_TXLEN	0x08
#define MBNET_TXDATA	0x0c
#define MBNET_MTU	512
#define MBNET_POLL_MS	5

struct mbnet {
	struct net_device *ndev;
	void __iomem *base;
	struct delayed_work poll;
};

void mbnet_poll(struct work_struct *work);
void mbnet_send(struct mbnet *mb, const struct sk_buff *skb);

#endif
