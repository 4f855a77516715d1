// SPDX-License-Identifier: MIT
/* Vibration pad on USB: the level is sent by a control request that nobody waits for. */
#include <linux/input.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/usb/input.h>

struct tinsel {
	struct usb_device *udev;
	struct input_dev *input;
	struct urb *ctl;
	struct usb_ctrlrequest *setup;
	bool busy;
	char phys[64];
};

static void tinsel_ctl_done(struct urb *urb)
{
	struct tinsel *tinsel = urb->context;

	tinsel->busy = false;
}

static int tinsel_play(struct input_dev *input, void *data, struct ff_effect *effect)
{
	struct tinsel *tinsel = input_get_drvdata(input);

	if (effect->type != FF_RUMBLE || tinsel->busy)
		return 0;
	tinsel->setup->wValue = cpu_to_le16(effect->u.rumble.strong_magnitude >> 8);
	tinsel->busy = true;
	return usb_submit_urb(tinsel->ctl, GFP_ATOMIC);
}

static int tinsel_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_device *udev = interface_to_usbdev(intf);
	struct tinsel *tinsel;
	int ret = -ENOMEM;

	tinsel = kzalloc(sizeof(*tinsel), GFP_KERNEL);
	if (!tinsel)
		return -ENOMEM;
	tinsel->udev = udev;
	tinsel->setup = kzalloc(sizeof(*tinsel->setup), GFP_KERNEL);
	if (!tinsel->setup)
		goto err_free;
	tinsel->ctl = usb_alloc_urb(0, GFP_KERNEL);
	if (!tinsel->ctl)
		goto err_setup;
	tinsel->input = input_allocate_device();
	if (!tinsel->input)
		goto err_urb;

	tinsel->setup->bRequestType = USB_DIR_OUT | USB_TYPE_VENDOR | USB_RECIP_DEVICE;
	tinsel->setup->bRequest = 0x21;
	usb_fill_control_urb(tinsel->ctl, udev, usb_sndctrlpipe(udev, 0), (void *)tinsel->setup,
			     NULL, 0, tinsel_ctl_done, tinsel);

	usb_make_path(udev, tinsel->phys, sizeof(tinsel->phys));
	tinsel->input->name = "Tinsel pad";
	tinsel->input->phys = tinsel->phys;
	usb_to_input_id(udev, &tinsel->input->id);
	input_set_drvdata(tinsel->input, tinsel);
	input_set_capability(tinsel->input, EV_FF, FF_RUMBLE);
	ret = input_ff_create_memless(tinsel->input, NULL, tinsel_play);
	if (ret)
		goto err_input;
	ret = input_register_device(tinsel->input);
	if (ret)
		goto err_input;
	usb_set_intfdata(intf, tinsel);
	return 0;

err_input:
	input_free_device(tinsel->input);
err_urb:
	usb_free_urb(tinsel->ctl);
err_setup:
	kfree(tinsel->setup);
err_free:
	kfree(tinsel);
	return ret;
}

static void tinsel_disconnect(struct usb_interface *intf)
{
	struct tinsel *tinsel = usb_get_intfdata(intf);

	usb_set_intfdata(intf, NULL);
	input_unregister_device(tinsel->input);
	usb_free_urb(tinsel->ctl);
	kfree(tinsel->setup);
	kfree(tinsel);
}

static const struct usb_device_id tinsel_ids[] = {
	{ USB_DEVICE(0x1209, 0x7a03) },
	{ }
};
MODULE_DEVICE_TABLE(usb, tinsel_ids);

static struct usb_driver tinsel_driver = {
	.name = "tinsel",
	.probe = tinsel_probe,
	.disconnect = tinsel_disconnect,
	.id_table = tinsel_ids,
};
module_usb_driver(tinsel_driver);

MODULE_DESCRIPTION("Tinsel vibration pad");
MODULE_LICENSE("GPL");
