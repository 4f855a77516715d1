// SPDX-License-Identifier: MIT
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "corvid.h"

static irqreturn_t corvid_isr(int irq, void *data)
{
	struct corvid *priv = netdev_priv(data);

	if (!readl(priv->regs + CORVID_IRQ_STAT))
		return IRQ_NONE;

	writel(0, priv->regs + CORVID_IRQ_MASK);
	napi_schedule(&priv->napi);
	return IRQ_HANDLED;
}

static int corvid_open(struct net_device *ndev)
{
	struct corvid *priv = netdev_priv(ndev);
	int ret;

	ret = request_irq(priv->irq, corvid_isr, IRQF_SHARED, ndev->name, ndev);
	if (ret)
		return ret;

	ret = priv->hw->ring_up(ndev);
	if (ret) {
		netdev_err(ndev, "no receive ring: %d\n", ret);
		free_irq(priv->irq, ndev);
		return ret;
	}

	napi_enable(&priv->napi);
	writel(1, priv->regs + CORVID_IRQ_MASK);
	netif_start_queue(ndev);
	return 0;
}

static int corvid_stop(struct net_device *ndev)
{
	struct corvid *priv = netdev_priv(ndev);

	netif_stop_queue(ndev);
	napi_disable(&priv->napi);
	writel(0, priv->regs + CORVID_IRQ_MASK);
	free_irq(priv->irq, ndev);
	priv->hw->ring_down(ndev);
	return 0;
}

static netdev_tx_t corvid_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	ndev->stats.tx_dropped++;
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops corvid_netdev_ops = {
	.ndo_open = corvid_open,
	.ndo_stop = corvid_stop,
	.ndo_start_xmit = corvid_xmit,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_mac_address = eth_mac_addr,
};

static int corvid_probe(struct platform_device *pdev)
{
	struct net_device *ndev;
	struct corvid *priv;

	ndev = devm_alloc_etherdev(&pdev->dev, sizeof(*priv));
	if (!ndev)
		return -ENOMEM;

	SET_NETDEV_DEV(ndev, &pdev->dev);
	priv = netdev_priv(ndev);
	priv->dev = &pdev->dev;
	priv->hw = &corvid_hw;

	priv->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(priv->regs))
		return PTR_ERR(priv->regs);

	priv->irq = platform_get_irq(pdev, 0);
	if (priv->irq < 0)
		return priv->irq;

	ndev->netdev_ops = &corvid_netdev_ops;
	eth_hw_addr_random(ndev);
	netif_napi_add(ndev, &priv->napi, corvid_poll);
	writel(0, priv->regs + CORVID_IRQ_MASK);

	return devm_register_netdev(&pdev->dev, ndev);
}

static struct platform_driver corvid_driver = {
	.probe = corvid_probe,
	.driver = { .name = "corvid" },
};
module_platform_driver(corvid_driver);

MODULE_DESCRIPTION("Corvid receive-only MAC");
MODULE_LICENSE("GPL");
