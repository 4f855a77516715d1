/* SPDX-License-Identifier: MIT */
#ifndef CLOISTER_H
#define CLOISTER_H

#include <linux/platform_device.h>
#include <linux/wait.h>
#include <drm/drm_device.h>

#define CLOISTER_UNITS	4

struct cloister_unit;

struct cloister {
	struct drm_device drm;
	wait_queue_head_t idle;
	struct cloister_unit *units[CLOISTER_UNITS];
	atomic_t jobs_done;
};

#define to_cloister(d) container_of(d, struct cloister, drm)

extern struct platform_driver cloister_unit_driver;

void cloister_unit_start(struct cloister_unit *unit, u32 arg);

#endif
