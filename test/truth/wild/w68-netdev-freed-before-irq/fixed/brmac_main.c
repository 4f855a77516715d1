// SPDX-License-Identifier: MIT
#include <linux/etherdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include "brmac.h"

static int brmac_open(struct net_device *ndev)
{
	struct brmac *mac = netdev_priv(ndev);

	napi_enable(&mac->napi);
	writel(1, mac->base + BRMAC_CTRL);
	brmac_unmask(mac, BRMAC_IRQ_RX);
	netif_start_queue(ndev);
	return 0;
}

static int brmac_stop(struct net_device *ndev)
{
	struct brmac *mac = netdev_priv(ndev);

	netif_stop_queue(ndev);
	napi_disable(&mac->napi);
	brmac_unmask(mac, 0);
	writel(0, mac->base + BRMAC_CTRL);
	return 0;
}

static netdev_tx_t brmac_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct brmac *mac = netdev_priv(ndev);

	if (skb_padto(skb, ALIGN(skb->len, 4))) {
		ndev->stats.tx_dropped++;
		return NETDEV_TX_OK;
	}
	iowrite32_rep(mac->base + BRMAC_TX_FIFO, skb->data, DIV_ROUND_UP(skb->len, 4));
	writel(skb->len, mac->base + BRMAC_TX_LEN);
	ndev->stats.tx_packets++;
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops brmac_ops = {
	.ndo_open = brmac_open,
	.ndo_stop = brmac_stop,
	.ndo_start_xmit = brmac_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static int brmac_probe(struct platform_device *pdev)
{
	struct net_device *ndev;
	struct brmac *mac;
	int ret;

	ndev = devm_alloc_etherdev(&pdev->dev, sizeof(*mac));
	if (!ndev)
		return -ENOMEM;
	SET_NETDEV_DEV(ndev, &pdev->dev);
	platform_set_drvdata(pdev, ndev);

	mac = netdev_priv(ndev);
	mac->ndev = ndev;
	mac->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mac->base))
		return PTR_ERR(mac->base);

	ndev->netdev_ops = &brmac_ops;
	eth_hw_addr_random(ndev);
	netif_napi_add(ndev, &mac->napi, brmac_poll);

	ret = brmac_irq_attach(mac, pdev);
	if (ret)
		return ret;

	return register_netdev(ndev);
}

static void brmac_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);

	unregister_netdev(ndev);
}

static const struct of_device_id brmac_of_match[] = {
	{ .compatible = "bramble,fifo-mac" },
	{ }
};
MODULE_DEVICE_TABLE(of, brmac_of_match);

static struct platform_driver brmac_driver = {
	.probe = brmac_probe,
	.remove = brmac_remove,
	.driver = { .name = "brmac", .of_match_table = brmac_of_match },
};
module_platform_driver(brmac_driver);

MODULE_DESCRIPTION("Bramble FIFO ethernet MAC");
MODULE_LICENSE("GPL");
