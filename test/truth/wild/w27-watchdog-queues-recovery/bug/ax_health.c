#include <linux/delay.h>
#include <drm/drm_print.h>

#include "ax.h"

#define AX_BEAT_PERIOD	msecs_to_jiffies(500)
#define AX_MAX_MISSED	4

static void ax_recovery_work(struct work_struct *work)
{
	struct ax_health *health = container_of(work, struct ax_health, recovery);
	struct ax_device *ax = health_to_ax(health);

	drm_warn(&ax->drm, "the firmware hangs, resetting it\n");
	ax_write(ax, RESET, 1);
	usleep_range(1000, 2000);
	ax_write(ax, RESET, 0);
}

static bool ax_heart_beats(struct ax_device *ax)
{
	struct ax_health *health = &ax->health;
	u32 now = ax_read(ax, BEAT);
	bool moved = now != health->last;

	health->last = now;
	return moved;
}

static void ax_beat_work(struct work_struct *work)
{
	struct ax_health *health = container_of(to_delayed_work(work), struct ax_health, beat);
	struct ax_device *ax = health_to_ax(health);

	if (ax_heart_beats(ax)) {
		health->missed = 0;
	} else if (++health->missed >= AX_MAX_MISSED) {
		health->missed = 0;
		ax_ask_for_recovery(ax);
	}

	schedule_delayed_work(&health->beat, AX_BEAT_PERIOD);
}

void ax_health_init(struct ax_device *ax)
{
	INIT_DELAYED_WORK(&ax->health.beat, ax_beat_work);
	INIT_WORK(&ax->health.recovery, ax_recovery_work);
}

void ax_health_start(struct ax_device *ax)
{
	schedule_delayed_work(&ax->health.beat, AX_BEAT_PERIOD);
}

void ax_health_stop(struct ax_device *ax)
{
	cancel_work_sync(&ax->health.recovery);
	cancel_delayed_work_sync(&ax->health.beat);
}
