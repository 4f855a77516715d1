// SPDX-License-Identifier: MIT
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "xeth.h"

static irqreturn_t xeth_irq(int irq, void *dev_id)
{
	struct net_device *ndev = dev_id;
	struct xeth *xe = netdev_priv(ndev);

	if (!(readl(xe->base + XETH_ISTAT) & XETH_INT_RX))
		return IRQ_NONE;

	if (napi_schedule_prep(&xe->napi)) {
		xeth_hw_irq(xe, false);
		__napi_schedule(&xe->napi);
	}

	return IRQ_HANDLED;
}

static int xeth_poll(struct napi_struct *napi, int budget)
{
	struct xeth *xe = container_of(napi, struct xeth, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget) {
		skb = xeth_hw_rx(xe);
		if (!skb)
			break;
		skb->protocol = eth_type_trans(skb, xe->ndev);
		napi_gro_receive(napi, skb);
		done++;
	}

	if (done < budget && napi_complete_done(napi, done))
		xeth_hw_irq(xe, true);

	return done;
}

static int xeth_open(struct net_device *ndev)
{
	struct xeth *xe = netdev_priv(ndev);

	napi_enable(&xe->napi);
	writel(XETH_CTRL_EN, xe->base + XETH_CTRL);
	xeth_hw_irq(xe, true);
	netif_start_queue(ndev);

	return 0;
}

static int xeth_stop(struct net_device *ndev)
{
	struct xeth *xe = netdev_priv(ndev);

	netif_stop_queue(ndev);
	napi_disable(&xe->napi);
	xeth_hw_irq(xe, false);
	writel(0, xe->base + XETH_CTRL);

	return 0;
}

static netdev_tx_t xeth_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	if (skb_linearize(skb)) {
		dev_kfree_skb_any(skb);
		ndev->stats.tx_dropped++;
		return NETDEV_TX_OK;
	}

	xeth_hw_tx(netdev_priv(ndev), skb);
	ndev->stats.tx_packets++;
	dev_consume_skb_any(skb);

	return NETDEV_TX_OK;
}

static const struct net_device_ops xeth_ops = {
	.ndo_open = xeth_open,
	.ndo_stop = xeth_stop,
	.ndo_start_xmit = xeth_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static int xeth_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct net_device *ndev;
	struct xeth *xe;
	int ret;

	ndev = devm_alloc_etherdev(dev, sizeof(*xe));
	if (!ndev)
		return -ENOMEM;

	SET_NETDEV_DEV(ndev, dev);
	ndev->netdev_ops = &xeth_ops;
	xe = netdev_priv(ndev);
	xe->ndev = ndev;
	platform_set_drvdata(pdev, ndev);

	xe->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(xe->base))
		return PTR_ERR(xe->base);

	xe->irq = platform_get_irq(pdev, 0);
	if (xe->irq < 0)
		return xe->irq;

	xeth_hw_irq(xe, false);
	eth_hw_addr_random(ndev);
	netif_napi_add(ndev, &xe->napi, xeth_poll);

	ret = devm_request_irq(dev, xe->irq, xeth_irq, IRQF_SHARED,
			       dev_name(dev), ndev);
	if (ret)
		return ret;

	return register_netdev(ndev);
}

static void xeth_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);

	unregister_netdev(ndev);
}

static const struct of_device_id xeth_of_match[] = {
	{ .compatible = "acme,xeth" },
	{ }
};
MODULE_DEVICE_TABLE(of, xeth_of_match);

static struct platform_driver xeth_driver = {
	.probe = xeth_probe,
	.remove = xeth_remove,
	.driver = {
		.name = "xeth",
		.of_match_table = xeth_of_match,
	},
};
module_platform_driver(xeth_driver);

MODULE_DESCRIPTION("XETH FIFO ethernet");
MODULE_LICENSE("GPL");
