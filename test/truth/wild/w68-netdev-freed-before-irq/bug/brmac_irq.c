// SPDX-License-Identifier: MIT
#include <linux/etherdevice.h>
#include "brmac.h"

/* The line is shared with the PHY, whose interrupts we see here too. */
static irqreturn_t brmac_interrupt(int irq, void *data)
{
	struct brmac *mac = data;
	u32 stat = readl(mac->base + BRMAC_IRQ_STAT);

	if (!(stat & BRMAC_IRQ_RX)) {
		mac->spurious++;
		return IRQ_NONE;
	}

	brmac_unmask(mac, 0);
	napi_schedule(&mac->napi);
	return IRQ_HANDLED;
}

int brmac_irq_attach(struct brmac *mac, struct platform_device *pdev)
{
	int irq = platform_get_irq(pdev, 0);

	if (irq < 0)
		return irq;

	mac->ndev->irq = irq;
	brmac_unmask(mac, 0);
	return devm_request_irq(&pdev->dev, irq, brmac_interrupt, IRQF_SHARED, "brmac", mac);
}

static void brmac_drain(struct brmac *mac, u32 len)
{
	for (; len > 0; len -= min(len, 4u))
		readl(mac->base + BRMAC_RX_FIFO);
}

int brmac_poll(struct napi_struct *napi, int budget)
{
	struct brmac *mac = container_of(napi, struct brmac, napi);
	struct net_device *ndev = mac->ndev;
	int done = 0;

	while (done < budget) {
		u32 len = readl(mac->base + BRMAC_RX_LEN) & 0x7ff;
		struct sk_buff *skb;

		if (!len)
			break;
		done++;
		skb = netdev_alloc_skb_ip_align(ndev, ALIGN(len, 4));
		if (!skb) {
			brmac_drain(mac, len);
			ndev->stats.rx_dropped++;
			continue;
		}
		ioread32_rep(mac->base + BRMAC_RX_FIFO, skb->data, DIV_ROUND_UP(len, 4));
		skb_put(skb, len);
		skb->protocol = eth_type_trans(skb, ndev);
		napi_gro_receive(napi, skb);
	}

	if (done < budget && napi_complete_done(napi, done))
		brmac_unmask(mac, BRMAC_IRQ_RX);
	return done;
}
