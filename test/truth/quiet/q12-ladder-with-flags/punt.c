// SPDX-License-Identifier: MIT
/* SPI attached radio link, transmit and receive in one ordered workqueue. */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/workqueue.h>

#define PUNT_CMD_WAKE	0x01
#define PUNT_CMD_SLEEP	0x02
#define PUNT_CMD_SEND	0x10
#define PUNT_CMD_RECV	0x11
#define PUNT_HEAD	4
#define PUNT_FRAME	(PUNT_HEAD + ETH_FRAME_LEN + VLAN_HLEN)

struct punt {
	struct spi_device *spi;
	struct net_device *ndev;
	struct regulator *vrf;
	struct workqueue_struct *wq;
	struct work_struct tx_work;
	struct work_struct rx_work;
	struct sk_buff *tx_skb;
	u8 *frame;
	bool powered;
};

static int punt_cmd(struct punt *punt, u8 cmd)
{
	return spi_write_then_read(punt->spi, &cmd, 1, NULL, 0);
}

static void punt_tx_work(struct work_struct *work)
{
	struct punt *punt = container_of(work, struct punt, tx_work);
	struct sk_buff *skb = punt->tx_skb;

	punt->frame[0] = PUNT_CMD_SEND;
	skb_copy_bits(skb, 0, punt->frame + PUNT_HEAD, skb->len);
	if (spi_write(punt->spi, punt->frame, skb->len + PUNT_HEAD))
		punt->ndev->stats.tx_errors++;
	else
		punt->ndev->stats.tx_packets++;
	punt->tx_skb = NULL;
	dev_kfree_skb(skb);
	netif_wake_queue(punt->ndev);
}

static void punt_rx_work(struct work_struct *work)
{
	struct punt *punt = container_of(work, struct punt, rx_work);
	struct sk_buff *skb = netdev_alloc_skb_ip_align(punt->ndev, ETH_FRAME_LEN);
	u8 cmd = PUNT_CMD_RECV;

	if (!skb)
		return;
	if (spi_write_then_read(punt->spi, &cmd, 1, punt->frame, ETH_FRAME_LEN)) {
		dev_kfree_skb(skb);
		return;
	}
	skb_put_data(skb, punt->frame, ETH_FRAME_LEN);
	skb->protocol = eth_type_trans(skb, punt->ndev);
	netif_rx(skb);
}

static irqreturn_t punt_irq(int irq, void *data)
{
	struct punt *punt = data;

	queue_work(punt->wq, &punt->rx_work);
	return IRQ_HANDLED;
}

static netdev_tx_t punt_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct punt *punt = netdev_priv(ndev);

	if (skb->len > PUNT_FRAME - PUNT_HEAD) {
		ndev->stats.tx_dropped++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	netif_stop_queue(ndev);
	punt->tx_skb = skb;
	queue_work(punt->wq, &punt->tx_work);
	return NETDEV_TX_OK;
}

static int punt_open(struct net_device *ndev)
{
	struct punt *punt = netdev_priv(ndev);
	int ret = punt_cmd(punt, PUNT_CMD_WAKE);

	if (ret)
		ret = punt_cmd(punt, PUNT_CMD_WAKE);	/* the first one may only end its sleep */
	if (ret)
		return ret;
	enable_irq(punt->spi->irq);
	netif_start_queue(ndev);
	return 0;
}

static int punt_stop(struct net_device *ndev)
{
	struct punt *punt = netdev_priv(ndev);

	disable_irq(punt->spi->irq);
	cancel_work_sync(&punt->rx_work);
	/* ndo_start_xmit is not called any more, what may be left is one frame on its way */
	if (cancel_work_sync(&punt->tx_work) && punt->tx_skb) {
		dev_kfree_skb(punt->tx_skb);
		punt->tx_skb = NULL;
	}
	netif_stop_queue(ndev);
	punt_cmd(punt, PUNT_CMD_SLEEP);
	return 0;
}

static const struct net_device_ops punt_ops = {
	.ndo_open = punt_open,
	.ndo_stop = punt_stop,
	.ndo_start_xmit = punt_xmit,
};

/* Probe failure and remove alike, every step knows whether it has something to do. */
static void punt_unwind(struct punt *punt)
{
	if (punt->wq)
		destroy_workqueue(punt->wq);
	punt->wq = NULL;
	kfree(punt->frame);
	punt->frame = NULL;
	if (punt->powered)
		regulator_disable(punt->vrf);
	punt->powered = false;
	free_netdev(punt->ndev);
}

static int punt_probe(struct spi_device *spi)
{
	struct net_device *ndev;
	struct punt *punt;
	int ret;

	ndev = alloc_etherdev(sizeof(*punt));
	if (!ndev)
		return -ENOMEM;
	SET_NETDEV_DEV(ndev, &spi->dev);
	punt = netdev_priv(ndev);
	punt->ndev = ndev;
	punt->spi = spi;
	INIT_WORK(&punt->tx_work, punt_tx_work);
	INIT_WORK(&punt->rx_work, punt_rx_work);
	ndev->netdev_ops = &punt_ops;
	eth_hw_addr_random(ndev);

	punt->vrf = devm_regulator_get(&spi->dev, "vrf");
	ret = PTR_ERR_OR_ZERO(punt->vrf);
	if (ret)
		goto err_unwind;
	ret = regulator_enable(punt->vrf);
	if (ret)
		goto err_unwind;
	punt->powered = true;

	ret = -ENOMEM;
	punt->frame = kzalloc(PUNT_FRAME, GFP_KERNEL);
	if (!punt->frame)
		goto err_unwind;
	punt->wq = alloc_ordered_workqueue("punt", 0);
	if (!punt->wq)
		goto err_unwind;

	ret = request_irq(spi->irq, punt_irq, IRQF_NO_AUTOEN, "punt", punt);
	if (ret)
		goto err_unwind;
	ret = register_netdev(ndev);
	if (ret)
		goto err_irq;
	spi_set_drvdata(spi, punt);
	return 0;

err_irq:
	free_irq(spi->irq, punt);
err_unwind:
	punt_unwind(punt);
	return ret;
}

static void punt_remove(struct spi_device *spi)
{
	struct punt *punt = spi_get_drvdata(spi);

	unregister_netdev(punt->ndev);
	free_irq(spi->irq, punt);
	punt_unwind(punt);
}

static const struct spi_device_id punt_ids[] = {
	{ "punt" },
	{ }
};
MODULE_DEVICE_TABLE(spi, punt_ids);

static struct spi_driver punt_driver = {
	.driver = { .name = "punt" },
	.id_table = punt_ids,
	.probe = punt_probe,
	.remove = punt_remove,
};
module_spi_driver(punt_driver);

MODULE_DESCRIPTION("Punt radio link");
MODULE_LICENSE("GPL");
