// SPDX-License-Identifier: MIT
/* A string of lamps on USB: frames go out by bulk URBs, a timer sends the next one. */
#include <linux/kernel.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/usb.h>

#define LANTERN_FRAME	64

struct lantern {
	struct usb_device *udev;
	struct usb_anchor sent;
	struct timer_list refresh;
	unsigned int pipe;
	struct led_classdev led;
	u8 level;
};

static void lantern_sent(struct urb *urb)
{
	struct lantern *lantern = urb->context;

	if (urb->status)
		dev_dbg(&lantern->udev->dev, "frame lost: %d\n", urb->status);
	kfree(urb->transfer_buffer);
}

static int lantern_send(struct lantern *lantern, gfp_t gfp)
{
	struct urb *urb;
	u8 *frame;
	int ret;

	urb = usb_alloc_urb(0, gfp);
	if (!urb)
		return -ENOMEM;
	frame = kmalloc(LANTERN_FRAME, gfp);
	if (!frame) {
		usb_free_urb(urb);
		return -ENOMEM;
	}
	memset(frame, lantern->level, LANTERN_FRAME);
	usb_fill_bulk_urb(urb, lantern->udev, lantern->pipe, frame, LANTERN_FRAME,
			  lantern_sent, lantern);
	usb_anchor_urb(urb, &lantern->sent);
	ret = usb_submit_urb(urb, gfp);
	if (ret) {
		usb_unanchor_urb(urb);
		kfree(frame);
	}
	usb_free_urb(urb);
	return ret;
}

static void lantern_refresh(struct timer_list *t)
{
	struct lantern *lantern = from_timer(lantern, t, refresh);

	lantern_send(lantern, GFP_ATOMIC);
	mod_timer(&lantern->refresh, jiffies + HZ / 10);
}

static int lantern_set(struct led_classdev *led, enum led_brightness level)
{
	struct lantern *lantern = container_of(led, struct lantern, led);

	lantern->level = level;
	return 0;
}

static int lantern_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_endpoint_descriptor *ep;
	struct lantern *lantern;
	int ret;

	ret = usb_find_bulk_out_endpoint(intf->cur_altsetting, &ep);
	if (ret)
		return ret;
	lantern = kzalloc(sizeof(*lantern), GFP_KERNEL);
	if (!lantern)
		return -ENOMEM;
	lantern->udev = interface_to_usbdev(intf);
	lantern->pipe = usb_sndbulkpipe(lantern->udev, ep->bEndpointAddress);
	init_usb_anchor(&lantern->sent);
	timer_setup(&lantern->refresh, lantern_refresh, 0);
	lantern->led.name = "lantern";
	lantern->led.brightness_set_blocking = lantern_set;
	usb_set_intfdata(intf, lantern);

	ret = led_classdev_register(&intf->dev, &lantern->led);
	if (ret) {
		kfree(lantern);
		return ret;
	}
	mod_timer(&lantern->refresh, jiffies + HZ / 10);
	return 0;
}

/* The device stays powered when only the driver goes: it is told to be still. */
static void lantern_disconnect(struct usb_interface *intf)
{
	struct lantern *lantern = usb_get_intfdata(intf);

	usb_control_msg_send(lantern->udev, 0, 0x05, USB_DIR_OUT | USB_TYPE_VENDOR, 0, 0, NULL, 0,
			     1000, GFP_KERNEL);
	led_classdev_unregister(&lantern->led);
	usb_kill_anchored_urbs(&lantern->sent);
	timer_shutdown_sync(&lantern->refresh);
	kfree(lantern);
}

static const struct usb_device_id lantern_ids[] = {
	{ USB_DEVICE(0x1209, 0x7a02) },
	{ }
};
MODULE_DEVICE_TABLE(usb, lantern_ids);

static struct usb_driver lantern_driver = {
	.name = "lantern",
	.probe = lantern_probe,
	.disconnect = lantern_disconnect,
	.id_table = lantern_ids,
	.soft_unbind = 1,
};
module_usb_driver(lantern_driver);

MODULE_DESCRIPTION("Lantern string");
MODULE_LICENSE("GPL");
