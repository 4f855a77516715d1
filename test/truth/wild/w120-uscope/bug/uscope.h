/* SPDX-License-Identifier: MIT */
#ifndef _USCOPE_H_
#define _USCOPE_H_

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/usb.h>

#define USCOPE_BUF_LEN	512

struct uscope {
	struct kref kref;
	struct usb_device *udev;
	struct usb_interface *intf;	/* NULL once unplugged */
	struct mutex lock;		/* I/O against disconnect */
	unsigned int pipe;
	u8 *buf;
};

extern struct usb_driver uscope_driver;
extern const struct file_operations uscope_fops;

void uscope_release_ctx(struct kref *kref);

#endif
