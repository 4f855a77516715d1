/* SPDX-License-Identifier: MIT */
/*
 * Included before every recorded driver by the compiler (-include), so that the drivers themselves
 * are ordinary kernel code. Each of their functions says when it begins and ends
 * (-finstrument-functions); the kernel functions below say so at their call.
 */
#ifndef TEARDOWN_RECORDER_H
#define TEARDOWN_RECORDER_H

#include <linux/auxiliary_bus.h>
#include <linux/component.h>
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_probe_helper.h>

struct recorded_call {
	const char *name;
};

struct recorded_call recorder_call(const char *name);
void recorder_done(struct recorded_call *call);
void recorder_registered(struct drm_device *drm);
bool recorder_fails(const char *name);
unsigned int recorder_pause(void);
void recorder_resume(unsigned int *left);

#define RECORDED(fn, ...)								\
({											\
	struct recorded_call recorded_ __attribute__((cleanup(recorder_done), unused)) =	\
		recorder_call(#fn);							\
	fn(__VA_ARGS__);								\
})

/*
 * Fails as a whole or not at all: the question is what the driver does then. (6.12's drm_minor_alloc()
 * puts an error pointer when an allocation within fails.)
 */
#define WHOLE(name, failure, fn, ...)							\
	(recorder_fails(#name) ? (failure) : ({						\
		struct recorded_call recorded_ __attribute__((cleanup(recorder_done), unused)) = \
			recorder_call(#name);						\
		unsigned int left_ __attribute__((cleanup(recorder_resume), unused)) =	\
			recorder_pause();						\
		fn(__VA_ARGS__);							\
	}))

#define NO_MEMORY ERR_PTR(-ENOMEM)

#define __devm_drm_dev_alloc(...)							\
	WHOLE(devm_drm_dev_alloc, NO_MEMORY, __devm_drm_dev_alloc, __VA_ARGS__)
#define drm_dev_alloc(...) WHOLE(drm_dev_alloc, NO_MEMORY, drm_dev_alloc, __VA_ARGS__)
#define __drmm_universal_plane_alloc(...)						\
	WHOLE(drmm_universal_plane_alloc, NO_MEMORY, __drmm_universal_plane_alloc, __VA_ARGS__)
#define __drmm_crtc_alloc_with_planes(...)						\
	WHOLE(drmm_crtc_alloc_with_planes, NO_MEMORY, __drmm_crtc_alloc_with_planes, __VA_ARGS__)
#define __drmm_encoder_alloc(...)							\
	WHOLE(drmm_plain_encoder_alloc, NO_MEMORY, __drmm_encoder_alloc, __VA_ARGS__)
#define drmm_mode_config_init(...)							\
	WHOLE(drmm_mode_config_init, -ENOMEM, drmm_mode_config_init, __VA_ARGS__)
/* Returns nothing: no probe sees it fail. */
#define drm_mode_config_reset(drm)							\
do {											\
	unsigned int left_ __attribute__((cleanup(recorder_resume))) = recorder_pause();	\
	drm_mode_config_reset(drm);							\
} while (0)
#define drm_dev_register(drm, flags)							\
({											\
	recorder_registered(drm);							\
	WHOLE(drm_dev_register, -ENOMEM, drm_dev_register, drm, flags);			\
})

/* What these add to the lists has another name there. */
#define devm_kzalloc(...) RECORDED(devm_kzalloc, __VA_ARGS__)
#define devm_kstrdup(...) RECORDED(devm_kstrdup, __VA_ARGS__)
#define drmm_kzalloc(...) RECORDED(drmm_kzalloc, __VA_ARGS__)
#undef drmm_mutex_init
static inline int drmm_mutex_init(struct drm_device *drm, struct mutex *lock)
{
	mutex_init(lock);
	return drmm_add_action_or_reset(drm, __drmm_mutex_release, lock);
}
#define drmm_mutex_init(...) RECORDED(drmm_mutex_init, __VA_ARGS__)

#define drm_dev_unregister(...) RECORDED(drm_dev_unregister, __VA_ARGS__)
#define drm_dev_unplug(...) RECORDED(drm_dev_unplug, __VA_ARGS__)
#define drm_dev_put(...) RECORDED(drm_dev_put, __VA_ARGS__)
#define drm_mode_config_cleanup(...) RECORDED(drm_mode_config_cleanup, __VA_ARGS__)
#define drm_atomic_helper_shutdown(...) RECORDED(drm_atomic_helper_shutdown, __VA_ARGS__)
#define drm_kms_helper_poll_fini(...) RECORDED(drm_kms_helper_poll_fini, __VA_ARGS__)
#define component_match_add(...) RECORDED(component_match_add, __VA_ARGS__)
#define component_del(...) RECORDED(component_del, __VA_ARGS__)
#define component_master_del(...) RECORDED(component_master_del, __VA_ARGS__)
#define component_bind_all(...) RECORDED(component_bind_all, __VA_ARGS__)
#define component_unbind_all(...) RECORDED(component_unbind_all, __VA_ARGS__)
#define devm_release_action(...) RECORDED(devm_release_action, __VA_ARGS__)
#define devm_remove_action(...) RECORDED(devm_remove_action, __VA_ARGS__)
#define drmm_release_action(...) RECORDED(drmm_release_action, __VA_ARGS__)
#define devm_kfree(...) RECORDED(devm_kfree, __VA_ARGS__)
#define drmm_kfree(...) RECORDED(drmm_kfree, __VA_ARGS__)
#define devres_release_group(...) RECORDED(devres_release_group, __VA_ARGS__)
#define devres_remove_group(...) RECORDED(devres_remove_group, __VA_ARGS__)
#define cancel_work_sync(...) RECORDED(cancel_work_sync, __VA_ARGS__)
#define destroy_workqueue(...) RECORDED(destroy_workqueue, __VA_ARGS__)
#define kfree(...) RECORDED(kfree, __VA_ARGS__)

#endif
