#ifndef HB_H
#define HB_H

#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define HB_MAX_PORTS	4

struct gpio_desc;
struct hb_device;

struct hb_port {
	struct hb_device *hb;
	struct gpio_desc *hpd;
	struct delayed_work debounce;
	unsigned int index;
	int irq;
	bool plugged;
};

struct hb_device {
	struct drm_device drm;
	struct device *dev;
	unsigned int num_ports;
	struct hb_port ports[HB_MAX_PORTS];
};

#define to_hb(d)	container_of(d, struct hb_device, drm)

#define for_each_hb_port(hb, port) \
	for ((port) = (hb)->ports; (port) < (hb)->ports + (hb)->num_ports; (port)++)

int hb_ports_init(struct hb_device *hb);

#endif
