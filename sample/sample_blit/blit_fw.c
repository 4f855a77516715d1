// SPDX-License-Identifier: MIT

#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>

#include "blit.h"

#define BLIT_FW_SIZE	SZ_32K

/* The hardware reads the buffer: it goes while the device is bound. */
static void blit_fw_fini(void *arg)
{
	struct blit_device *blit = arg;

	writel(0, blit->regs + BLIT_REG_CONTROL);
	drm_gem_shmem_unpin(blit->fw);
	drm_gem_object_put(&blit->fw->base);
}

int blit_fw_init(struct blit_device *blit)
{
	struct drm_gem_shmem_object *fw;
	struct sg_table *sgt;
	int err;

	fw = drm_gem_shmem_create(&blit->drm, BLIT_FW_SIZE);
	if (IS_ERR(fw))
		return PTR_ERR(fw);

	err = drm_gem_shmem_pin(fw);
	if (err)
		goto err_put;

	sgt = drm_gem_shmem_get_pages_sgt(fw);
	if (IS_ERR(sgt)) {
		err = PTR_ERR(sgt);
		goto err_unpin;
	}

	blit->fw = fw;
	writel(lower_32_bits(sg_dma_address(sgt->sgl)), blit->regs + BLIT_REG_FW_BASE);
	writel(BLIT_CONTROL_RUN, blit->regs + BLIT_REG_CONTROL);

	return devm_add_action_or_reset(blit->drm.dev, blit_fw_fini, blit);

err_unpin:
	drm_gem_shmem_unpin(fw);
err_put:
	drm_gem_object_put(&fw->base);
	return err;
}
