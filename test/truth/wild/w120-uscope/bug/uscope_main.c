// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/slab.h>

#include "uscope.h"

static struct usb_class_driver uscope_class = {
	.name = "uscope%d",
	.fops = &uscope_fops,
	.minor_base = 192,
};

static int uscope_probe(struct usb_interface *intf,
			const struct usb_device_id *id)
{
	struct usb_endpoint_descriptor *in;
	struct uscope *sc;
	int ret;

	ret = usb_find_common_endpoints(intf->cur_altsetting, &in, NULL, NULL,
					NULL);
	if (ret) {
		dev_err(&intf->dev, "no bulk-in endpoint\n");
		return ret;
	}

	sc = kzalloc(sizeof(*sc), GFP_KERNEL);
	if (!sc)
		return -ENOMEM;

	kref_init(&sc->kref);
	mutex_init(&sc->lock);
	sc->udev = usb_get_dev(interface_to_usbdev(intf));
	sc->intf = intf;
	sc->pipe = usb_rcvbulkpipe(sc->udev, in->bEndpointAddress);

	sc->buf = kmalloc(USCOPE_BUF_LEN, GFP_KERNEL);
	if (!sc->buf) {
		ret = -ENOMEM;
		goto err_put;
	}

	usb_set_intfdata(intf, sc);

	ret = usb_register_dev(intf, &uscope_class);
	if (ret) {
		dev_err(&intf->dev, "no minor left\n");
		goto err_data;
	}

	dev_info(&intf->dev, "uscope%d attached\n", intf->minor);

	return 0;

err_data:
	usb_set_intfdata(intf, NULL);
err_put:
	kref_put(&sc->kref, uscope_release_ctx);
	return ret;
}

static void uscope_disconnect(struct usb_interface *intf)
{
	struct uscope *sc = usb_get_intfdata(intf);

	/* open() runs under the minor lock, nobody new comes in from here */
	usb_deregister_dev(intf, &uscope_class);
	usb_set_intfdata(intf, NULL);

	mutex_lock(&sc->lock);
	sc->intf = NULL;
	mutex_unlock(&sc->lock);

	kref_put(&sc->kref, uscope_release_ctx);
}

static const struct usb_device_id uscope_ids[] = {
	{ USB_DEVICE(0x1209, 0x5c0e) },
	{ }
};
MODULE_DEVICE_TABLE(usb, uscope_ids);

struct usb_driver uscope_driver = {
	.name = "uscope",
	.probe = uscope_probe,
	.disconnect = uscope_disconnect,
	.id_table = uscope_ids,
};
module_usb_driver(uscope_driver);

MODULE_DESCRIPTION("USB sampling scope");
MODULE_LICENSE("GPL");
