// SPDX-License-Identifier: MIT
/* Line sensor on USB behind a character device; the status pipe runs from probe on. */
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/usb.h>

struct pennant {
	struct usb_device *udev;
	struct urb *status;
	u8 *state;
	u8 last;
	struct completion changed;
};

static void pennant_status(struct urb *urb)
{
	struct pennant *pennant = urb->context;

	if (urb->status && urb->status != -EPROTO)
		return;
	if (!urb->status) {
		pennant->last = pennant->state[0];
		complete(&pennant->changed);
	}
	usb_submit_urb(urb, GFP_ATOMIC);
}

static ssize_t level_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pennant *pennant = usb_get_intfdata(to_usb_interface(dev));

	return sysfs_emit(buf, "%u\n", pennant->last);
}
static DEVICE_ATTR_RO(level);

static struct attribute *pennant_attrs[] = {
	&dev_attr_level.attr,
	NULL
};
ATTRIBUTE_GROUPS(pennant);

static int pennant_start(struct pennant *pennant, struct usb_endpoint_descriptor *ep)
{
	pennant->status = usb_alloc_urb(0, GFP_KERNEL);
	if (!pennant->status)
		return -ENOMEM;
	pennant->state = kmalloc(8, GFP_KERNEL);
	if (!pennant->state) {
		usb_free_urb(pennant->status);
		return -ENOMEM;
	}
	usb_fill_int_urb(pennant->status, pennant->udev,
			 usb_rcvintpipe(pennant->udev, ep->bEndpointAddress),
			 pennant->state, 8, pennant_status, pennant, ep->bInterval);
	return 0;
}

static void pennant_stop(struct pennant *pennant)
{
	kfree(pennant->state);
	usb_free_urb(pennant->status);
}

static int pennant_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_endpoint_descriptor *ep;
	struct pennant *pennant;
	int ret;

	ret = usb_find_int_in_endpoint(intf->cur_altsetting, &ep);
	if (ret)
		return ret;
	pennant = devm_kzalloc(&intf->dev, sizeof(*pennant), GFP_KERNEL);
	if (!pennant)
		return -ENOMEM;
	pennant->udev = interface_to_usbdev(intf);
	init_completion(&pennant->changed);
	ret = pennant_start(pennant, ep);
	if (ret)
		return ret;
	usb_set_intfdata(intf, pennant);
	ret = usb_submit_urb(pennant->status, GFP_KERNEL);
	if (ret)
		goto err_stop;
	ret = usb_control_msg_send(pennant->udev, 0, 0x01, USB_DIR_OUT | USB_TYPE_VENDOR, 1, 0,
				   NULL, 0, 1000, GFP_KERNEL);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	pennant_stop(pennant);
	return ret;
}

static void pennant_disconnect(struct usb_interface *intf)
{
	struct pennant *pennant = usb_get_intfdata(intf);

	usb_kill_urb(pennant->status);
	pennant_stop(pennant);
}

static const struct usb_device_id pennant_ids[] = {
	{ USB_DEVICE(0x1209, 0x7a04) },
	{ }
};
MODULE_DEVICE_TABLE(usb, pennant_ids);

static struct usb_driver pennant_driver = {
	.name = "pennant",
	.probe = pennant_probe,
	.disconnect = pennant_disconnect,
	.id_table = pennant_ids,
	.dev_groups = pennant_groups,
};
module_usb_driver(pennant_driver);

MODULE_DESCRIPTION("Pennant line sensor");
MODULE_LICENSE("GPL");
