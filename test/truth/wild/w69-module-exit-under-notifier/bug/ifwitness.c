// SPDX-License-Identifier: MIT
/* Writes a line to the log, outside of RTNL, for each network device that goes up, down or away. */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct ifw_item {
	struct work_struct work;
	struct net_device *ndev;
	netdevice_tracker tracker;
	const char *verb;
};

static struct workqueue_struct *ifw_wq;
static atomic_t ifw_lost = ATOMIC_INIT(0);

static const struct {
	unsigned long event;
	const char *verb;
} ifw_verbs[] = {
	{ NETDEV_UP, "up" },
	{ NETDEV_DOWN, "down" },
	{ NETDEV_UNREGISTER, "away" },
};

static const char *ifw_verb(unsigned long event)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ifw_verbs); i++)
		if (ifw_verbs[i].event == event)
			return ifw_verbs[i].verb;
	return NULL;
}

static void ifw_report(struct work_struct *work)
{
	struct ifw_item *item = container_of(work, struct ifw_item, work);

	pr_info("%s is %s\n", netdev_name(item->ndev), item->verb);
	netdev_put(item->ndev, &item->tracker);
	kfree(item);
}

static int ifw_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *ndev = netdev_notifier_info_to_dev(ptr);
	const char *verb = ifw_verb(event);
	struct ifw_item *item;

	if (!verb)
		return NOTIFY_DONE;

	item = kmalloc(sizeof(*item), GFP_KERNEL);
	if (!item) {
		atomic_inc(&ifw_lost);
		return NOTIFY_DONE;
	}
	item->ndev = ndev;
	item->verb = verb;
	netdev_hold(ndev, &item->tracker, GFP_KERNEL);
	INIT_WORK(&item->work, ifw_report);
	queue_work(ifw_wq, &item->work);
	return NOTIFY_OK;
}

static struct notifier_block ifw_nb = { .notifier_call = ifw_event };

static int __init ifw_init(void)
{
	int ret;

	ifw_wq = alloc_ordered_workqueue("ifwitness", 0);
	if (!ifw_wq)
		return -ENOMEM;

	ret = register_netdevice_notifier(&ifw_nb);
	if (ret)
		destroy_workqueue(ifw_wq);
	return ret;
}

static void __exit ifw_exit(void)
{
	destroy_workqueue(ifw_wq);
	unregister_netdevice_notifier(&ifw_nb);
	if (atomic_read(&ifw_lost))
		pr_info("%d events lost\n", atomic_read(&ifw_lost));
}

module_init(ifw_init);
module_exit(ifw_exit);

MODULE_DESCRIPTION("Network device event log");
MODULE_LICENSE("GPL");
