// SPDX-License-Identifier: MIT OR GPL-2.0
/* A USB device for drivers, on any device controller (dummy_hcd): one interface of the vendor's own, whose bulk
 * endpoint eats what it is given. It answers an EDID byte after byte, as DisplayLink's devices do, and what
 * include/drm/gud.h asks of a display. */
#include <drm/gud.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb/composite.h>
#define EATEN 4096
#define EDID_BYTE 0x02
static unsigned short vendor = 0x17e9;
module_param(vendor, ushort, 0444);
static unsigned short product = 1;
module_param(product, ushort, 0444);

/* Of a screen that has 640x480 at 60 Hz; the last byte makes the sum 0. */
static u8 edid[128] = {0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x10, 0x90,
		       [18] = 1, [19] = 3, [20] = 0x80, [21] = 32, [22] = 24, [23] = 120,
		       [24] = 0x02, [35] = 0x20, [38] = 1, [39] = 1, [40] = 1, [41] = 1,
		       [42] = 1, [43] = 1, [44] = 1, [45] = 1, [46] = 1, [47] = 1,
		       [48] = 1, [49] = 1, [50] = 1, [51] = 1, [52] = 1, [53] = 1};

static struct gud_display_descriptor_req display = {.magic = cpu_to_le32(GUD_DISPLAY_MAGIC),
						    .version = 1,
						    .min_width = cpu_to_le32(640),
						    .max_width = cpu_to_le32(640),
						    .min_height = cpu_to_le32(480),
						    .max_height = cpu_to_le32(480)};
static u8 formats[] = {GUD_PIXEL_FORMAT_XRGB8888};
static u8 connected[] = {GUD_CONNECTOR_STATUS_CONNECTED};
static struct gud_connector_descriptor_req connector = {.connector_type = GUD_CONNECTOR_TYPE_VGA};
/* What is asked and not here is answered with nothing. */
static const struct {
	u8 request;
	const void *data;
	u16 size;
} answers[] = {{GUD_REQ_GET_DESCRIPTOR, &display, sizeof(display)},
	       {GUD_REQ_GET_FORMATS, formats, sizeof(formats)},
	       {GUD_REQ_GET_CONNECTORS, &connector, sizeof(connector)},
	       {GUD_REQ_GET_CONNECTOR_STATUS, connected, sizeof(connected)},
	       {GUD_REQ_GET_CONNECTOR_EDID, edid, sizeof(edid)}};

static struct usb_interface_descriptor interface = {.bLength = sizeof(interface),
						    .bDescriptorType = USB_DT_INTERFACE,
						    .bNumEndpoints = 1,
						    .bInterfaceClass = USB_CLASS_VENDOR_SPEC};
static struct usb_endpoint_descriptor sink = {.bLength = USB_DT_ENDPOINT_SIZE,
					      .bDescriptorType = USB_DT_ENDPOINT,
					      .bEndpointAddress = USB_DIR_OUT | 1,
					      .bmAttributes = USB_ENDPOINT_XFER_BULK,
					      .wMaxPacketSize = cpu_to_le16(512)};
static struct usb_descriptor_header *descriptors[] = {(struct usb_descriptor_header *)&interface,
						      (struct usb_descriptor_header *)&sink, NULL};
static struct usb_ep *bulk;
static struct usb_request *request;

static int eat_bind(struct usb_configuration *c, struct usb_function *f)
{
	struct usb_ep *ep;
	int id = usb_interface_id(c, f);
	if (id < 0)
		return id;
	interface.bInterfaceNumber = id;
	gadget_for_each_ep(ep, c->cdev->gadget) {
		if (!strcmp(ep->name, "ep1out-bulk"))
			bulk = ep;
	}
	return bulk ? usb_assign_descriptors(f, descriptors, descriptors, NULL, NULL) : -ENODEV;
}

static void eat_unbind(struct usb_configuration *c, struct usb_function *f)
{
	usb_free_all_descriptors(f);
}

static void eaten(struct usb_ep *ep, struct usb_request *r)
{
	if (r->status != -ESHUTDOWN && r->status != -ECONNRESET)
		usb_ep_queue(ep, r, GFP_ATOMIC);
}

static void eat_disable(struct usb_function *f)
{
	if (!request)
		return;
	usb_ep_disable(bulk);
	kfree(request->buf);
	usb_ep_free_request(bulk, request);
	request = NULL;
}

static int eat_set_alt(struct usb_function *f, unsigned int number, unsigned int alt)
{
	int r;
	eat_disable(f);
	bulk->desc = &sink;
	bulk->maxpacket = 512;
	r = usb_ep_enable(bulk);
	if (r)
		return r;
	request = usb_ep_alloc_request(bulk, GFP_ATOMIC);
	if (!request)
		return -ENOMEM;
	request->buf = kzalloc(EATEN, GFP_ATOMIC);
	request->length = EATEN;
	request->complete = eaten;
	return request->buf ? usb_ep_queue(bulk, request, GFP_ATOMIC) : -ENOMEM;
}

static u16 answer(const struct usb_ctrlrequest *ctrl, u8 *to)
{
	int i;
	if ((ctrl->bRequestType & USB_RECIP_MASK) == USB_RECIP_DEVICE) {
		to[0] = 0;
		to[1] = edid[(le16_to_cpu(ctrl->wValue) >> 8) % sizeof(edid)];
		return ctrl->bRequest == EDID_BYTE ? 2 : 0;
	}
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		if (answers[i].request == ctrl->bRequest) {
			memcpy(to, answers[i].data, answers[i].size);
			return answers[i].size;
		}
	}
	return 0;
}

static int eat_setup(struct usb_function *f, const struct usb_ctrlrequest *ctrl)
{
	struct usb_composite_dev *cdev = f->config->cdev;
	u16 asked = le16_to_cpu(ctrl->wLength);
	u16 size = asked;
	if (ctrl->bRequestType & USB_DIR_IN)
		size = min(asked, answer(ctrl, cdev->req->buf));
	cdev->req->length = min_t(u16, size, USB_COMP_EP0_BUFSIZ);
	cdev->req->zero = size < asked;
	return usb_ep_queue(cdev->gadget->ep0, cdev->req, GFP_ATOMIC);
}

static struct usb_function function = {.name = "dtusb",
				       .bind = eat_bind,
				       .unbind = eat_unbind,
				       .set_alt = eat_set_alt,
				       .disable = eat_disable,
				       .setup = eat_setup};
static struct usb_configuration configuration = {.label = "dtusb",
						 .bConfigurationValue = 1,
						 .bmAttributes = USB_CONFIG_ATT_ONE};

static int configure(struct usb_configuration *c)
{
	return usb_add_function(c, &function);
}

static struct usb_device_descriptor device = {.bLength = sizeof(device),
					      .bDescriptorType = USB_DT_DEVICE,
					      .bcdUSB = cpu_to_le16(0x0200)};

static int device_bind(struct usb_composite_dev *cdev)
{
	return usb_add_config(cdev, &configuration, configure);
}

static struct usb_gadget_strings *strings[] = {NULL};
static struct usb_composite_driver driver = {.name = "dtusb",
					     .dev = &device,
					     .strings = strings,
					     .max_speed = USB_SPEED_HIGH,
					     .bind = device_bind};

static int __init go(void)
{
	u8 sum = 0;
	int i;
	for (i = 0; i < sizeof(edid) - 1; i++)
		sum += edid[i];
	edid[sizeof(edid) - 1] = -sum;
	device.idVendor = cpu_to_le16(vendor);
	device.idProduct = cpu_to_le16(product);
	return usb_composite_probe(&driver);
}

static void __exit end(void)
{
	usb_composite_unregister(&driver);
}

module_init(go);
module_exit(end);
MODULE_DESCRIPTION("a USB device for drivers");
MODULE_LICENSE("Dual MIT/GPL");
