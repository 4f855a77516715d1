// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/slab.h>
#include <drm/drm_file.h>

#include "sidecar.h"

static void sidecar_pwm_release(struct device *dev)
{
	struct auxiliary_device *adev = to_auxiliary_dev(dev);

	kfree(container_of(adev, struct sidecar_pwm, adev));
}

static void sidecar_pwm_del(void *data)
{
	struct auxiliary_device *adev = data;

	auxiliary_device_delete(adev);
	auxiliary_device_uninit(adev);
}

int sidecar_pwm_add(struct sidecar *sc)
{
	struct device *dev = sc->drm.dev;
	struct sidecar_pwm *pwm;
	int ret;

	pwm = kzalloc(sizeof(*pwm), GFP_KERNEL);
	if (!pwm)
		return -ENOMEM;

	pwm->regs = sc->regs + SC_PWM_BASE;
	pwm->period_ns = 40000;
	pwm->adev.name = "pwm";
	pwm->adev.id = sc->drm.primary->index;
	pwm->adev.dev.parent = dev;
	pwm->adev.dev.release = sidecar_pwm_release;

	ret = auxiliary_device_init(&pwm->adev);
	if (ret) {
		kfree(pwm);
		return ret;
	}

	ret = auxiliary_device_add(&pwm->adev);
	if (ret) {
		auxiliary_device_uninit(&pwm->adev);
		return ret;
	}

	dev_dbg(dev, "pwm child at +%#x\n", SC_PWM_BASE);
	return devm_add_action_or_reset(dev, sidecar_pwm_del, &pwm->adev);
}
