// SPDX-License-Identifier: MIT
/* Point to point network over a mailbox to the modem processor. */
#include <linux/if_arp.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "mbnet.h"

static int mbnet_open(struct net_device *ndev)
{
	struct mbnet *mb = netdev_priv(ndev);

	netif_start_queue(ndev);
	schedule_delayed_work(&mb->poll, 0);

	return 0;
}

static int mbnet_stop(struct net_device *ndev)
{
	struct mbnet *mb = netdev_priv(ndev);

	netif_stop_queue(ndev);
	cancel_delayed_work_sync(&mb->poll);

	return 0;
}

static netdev_tx_t mbnet_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	mbnet_send(netdev_priv(ndev), skb);
	ndev->stats.tx_packets++;
	dev_consume_skb_any(skb);

	return NETDEV_TX_OK;
}

static const struct net_device_ops mbnet_ops = {
	.ndo_open = mbnet_open,
	.ndo_stop = mbnet_stop,
	.ndo_start_xmit = mbnet_xmit,
};

static void mbnet_setup(struct net_device *ndev)
{
	ndev->netdev_ops = &mbnet_ops;
	ndev->type = ARPHRD_NONE;
	ndev->flags = IFF_POINTOPOINT | IFF_NOARP;
	ndev->mtu = MBNET_MTU;
	ndev->max_mtu = MBNET_MTU;
	ndev->tx_queue_len = 64;
	ndev->needs_free_netdev = true;
}

static int mbnet_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct net_device *ndev;
	void __iomem *base;
	struct mbnet *mb;
	int ret;

	base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(base))
		return PTR_ERR(base);

	ndev = alloc_netdev(sizeof(*mb), "mbnet%d", NET_NAME_ENUM, mbnet_setup);
	if (!ndev)
		return -ENOMEM;

	SET_NETDEV_DEV(ndev, dev);
	mb = netdev_priv(ndev);
	mb->ndev = ndev;
	mb->base = base;
	INIT_DELAYED_WORK(&mb->poll, mbnet_poll);
	platform_set_drvdata(pdev, ndev);

	ret = register_netdev(ndev);
	if (ret) {
		free_netdev(ndev);
		return dev_err_probe(dev, ret, "cannot register\n");
	}

	return 0;
}

static void mbnet_remove(struct platform_device *pdev)
{
	unregister_netdev(platform_get_drvdata(pdev));
}

static const struct of_device_id mbnet_of_match[] = {
	{ .compatible = "acme,mailbox-net" },
	{ }
};
MODULE_DEVICE_TABLE(of, mbnet_of_match);

static struct platform_driver mbnet_driver = {
	.probe = mbnet_probe,
	.remove = mbnet_remove,
	.driver = {
		.name = "mbnet",
		.of_match_table = mbnet_of_match,
	},
};
module_platform_driver(mbnet_driver);

MODULE_DESCRIPTION("Mailbox network");
MODULE_LICENSE("GPL");
