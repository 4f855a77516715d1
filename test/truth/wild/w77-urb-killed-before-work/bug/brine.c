// SPDX-License-Identifier: MIT
/* Salinity probe on USB: an interrupt pipe brings samples, a work item starts it anew after a stall. */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

#define BRINE_PACKET	16

struct brine {
	struct usb_device *udev;
	struct usb_interface *intf;
	struct urb *in;
	u8 *packet;
	unsigned int pipe;
	struct work_struct clear;
	long value;
};

static void brine_complete(struct urb *urb)
{
	struct brine *brine = urb->context;

	switch (urb->status) {
	case 0:
		brine->value = brine->packet[0] << 8 | brine->packet[1];
		break;
	case -EPIPE:
		schedule_work(&brine->clear);
		return;
	case -ECONNRESET:
	case -ENOENT:
	case -ESHUTDOWN:
		return;
	}
	usb_submit_urb(urb, GFP_ATOMIC);
}

static void brine_clear(struct work_struct *work)
{
	struct brine *brine = container_of(work, struct brine, clear);

	if (usb_clear_halt(brine->udev, brine->pipe))
		return;
	usb_submit_urb(brine->in, GFP_KERNEL);
}

static int brine_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_device *udev = interface_to_usbdev(intf);
	struct usb_endpoint_descriptor *ep;
	struct brine *brine;
	int ret;

	ret = usb_find_int_in_endpoint(intf->cur_altsetting, &ep);
	if (ret)
		return ret;

	brine = kzalloc(sizeof(*brine), GFP_KERNEL);
	if (!brine)
		return -ENOMEM;
	brine->udev = udev;
	brine->intf = intf;
	brine->pipe = usb_rcvintpipe(udev, ep->bEndpointAddress);
	INIT_WORK(&brine->clear, brine_clear);

	ret = -ENOMEM;
	brine->packet = kmalloc(BRINE_PACKET, GFP_KERNEL);
	if (!brine->packet)
		goto err_free;
	brine->in = usb_alloc_urb(0, GFP_KERNEL);
	if (!brine->in)
		goto err_packet;

	usb_fill_int_urb(brine->in, udev, brine->pipe, brine->packet, BRINE_PACKET,
			 brine_complete, brine, ep->bInterval);
	usb_set_intfdata(intf, brine);

	ret = usb_submit_urb(brine->in, GFP_KERNEL);
	if (ret)
		goto err_urb;
	return 0;

err_urb:
	usb_free_urb(brine->in);
err_packet:
	kfree(brine->packet);
err_free:
	kfree(brine);
	return ret;
}

/* The device stays powered when only the driver goes: it is told to be still. */
static void brine_disconnect(struct usb_interface *intf)
{
	struct brine *brine = usb_get_intfdata(intf);

	usb_control_msg_send(brine->udev, 0, 0x05, USB_DIR_OUT | USB_TYPE_VENDOR, 0, 0, NULL, 0,
			     1000, GFP_KERNEL);
	usb_kill_urb(brine->in);
	cancel_work_sync(&brine->clear);
	usb_free_urb(brine->in);
	kfree(brine->packet);
	kfree(brine);
}

static const struct usb_device_id brine_ids[] = {
	{ USB_DEVICE(0x1209, 0x7a01) },
	{ }
};
MODULE_DEVICE_TABLE(usb, brine_ids);

static struct usb_driver brine_driver = {
	.name = "brine",
	.probe = brine_probe,
	.disconnect = brine_disconnect,
	.id_table = brine_ids,
	.soft_unbind = 1,
};
module_usb_driver(brine_driver);

MODULE_DESCRIPTION("Brine salinity probe");
MODULE_LICENSE("GPL");
