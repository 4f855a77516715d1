#include <linux/io.h>

#include <drm/drm_managed.h>

#include "st.h"

/* What the interrupt counted. */
static u32 st_busy(struct st_device *st)
{
	return atomic_read(&st->jobs);
}

static const struct st_sampler st_sampler = {
	.busy = st_busy,
};

static void st_load_again(struct st_device *st)
{
	schedule_delayed_work(&st->load_work, HZ);
}

static void st_load_work(struct work_struct *work)
{
	struct st_device *st = container_of(work, struct st_device, load_work.work);
	u32 now = st->sampler->busy(st);

	WRITE_ONCE(st->load, now - st->last);
	st->last = now;
	st_load_again(st);
}

static void st_load_stop(struct drm_device *drm, void *unused)
{
	cancel_delayed_work_sync(&to_st(drm)->load_work);
}

/* The load decays to nothing while somebody still looks at a device gone. */
int st_load_init(struct st_device *st)
{
	int ret;

	INIT_DELAYED_WORK(&st->load_work, st_load_work);
	st->sampler = &st_sampler;
	ret = drmm_add_action_or_reset(&st->drm, st_load_stop, NULL);
	if (ret)
		return ret;
	st_load_again(st);

	return 0;
}
