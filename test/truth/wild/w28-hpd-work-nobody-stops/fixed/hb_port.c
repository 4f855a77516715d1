#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/interrupt.h>

#include <drm/drm_print.h>
#include <drm/drm_sysfs.h>

#include "hb.h"

#define HB_DEBOUNCE	msecs_to_jiffies(300)

static void hb_port_debounce(struct work_struct *work)
{
	struct hb_port *port = container_of(work, struct hb_port, debounce.work);
	bool plugged = gpiod_get_value_cansleep(port->hpd) > 0;

	if (port->plugged == plugged)
		return;
	port->plugged = plugged;
	drm_sysfs_hotplug_event(&port->hb->drm);
}

static irqreturn_t hb_port_irq(int irq, void *data)
{
	struct hb_port *port = data;

	mod_delayed_work(system_wq, &port->debounce, HB_DEBOUNCE);
	return IRQ_HANDLED;
}

static int hb_port_request(struct hb_port *port)
{
	struct device *dev = port->hb->dev;
	int irq, ret;

	irq = gpiod_to_irq(port->hpd);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(dev, irq, hb_port_irq,
			       IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING, dev_name(dev), port);
	if (ret)
		return ret;
	port->irq = irq;

	return 0;
}

/* No interrupt queues the work again after this. */
void hb_ports_quiet(struct hb_device *hb)
{
	struct hb_port *port;

	for_each_hb_port(hb, port) {
		if (!port->irq)
			continue;
		disable_irq(port->irq);
		cancel_delayed_work_sync(&port->debounce);
	}
}

int hb_ports_init(struct hb_device *hb)
{
	struct hb_port *port;
	int ret;

	for_each_hb_port(hb, port) {
		port->hb = hb;
		port->index = port - hb->ports;
		INIT_DELAYED_WORK(&port->debounce, hb_port_debounce);
		port->hpd = devm_gpiod_get_index(hb->dev, "hpd", port->index, GPIOD_IN);
		if (IS_ERR(port->hpd))
			return dev_err_probe(hb->dev, PTR_ERR(port->hpd), "port %u\n",
					     port->index);
	}

	for_each_hb_port(hb, port) {
		ret = hb_port_request(port);
		if (ret) {
			hb_ports_quiet(hb);
			return ret;
		}
	}

	return 0;
}
