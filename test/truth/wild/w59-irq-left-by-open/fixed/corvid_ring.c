// SPDX-License-Identifier: MIT
#include <linux/etherdevice.h>

#include "corvid.h"

static int corvid_ring_up(struct net_device *ndev)
{
	struct corvid *priv = netdev_priv(ndev);

	priv->rx = dma_alloc_coherent(priv->dev, CORVID_RING_BYTES, &priv->rx_dma, GFP_KERNEL);
	if (!priv->rx)
		return -ENOMEM;

	writel(lower_32_bits(priv->rx_dma), priv->regs + CORVID_RX_BASE);
	return 0;
}

static void corvid_ring_down(struct net_device *ndev)
{
	struct corvid *priv = netdev_priv(ndev);

	writel(0, priv->regs + CORVID_RX_BASE);
	dma_free_coherent(priv->dev, CORVID_RING_BYTES, priv->rx, priv->rx_dma);
	priv->rx = NULL;
}

const struct corvid_hw_ops corvid_hw = {
	.ring_up = corvid_ring_up,
	.ring_down = corvid_ring_down,
};

int corvid_poll(struct napi_struct *napi, int budget)
{
	struct corvid *priv = container_of(napi, struct corvid, napi);
	int done = 0;

	while (done < budget && READ_ONCE(priv->rx[done])) {
		napi->dev->stats.rx_dropped++;
		WRITE_ONCE(priv->rx[done], 0);
		done++;
	}

	if (done < budget && napi_complete_done(napi, done))
		writel(1, priv->regs + CORVID_IRQ_MASK);

	return done;
}
