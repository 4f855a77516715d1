// SPDX-License-Identifier: MIT

#include <linux/clk.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_managed.h>

#include "blit.h"

DEFINE_DRM_GEM_FOPS(blit_fops);

static const struct drm_driver blit_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &blit_fops,
	.name = "sample_blit",
	.desc = "Sample blitter",
	.major = 1,
};

/* Open files have jobs until they are closed: this goes with the last of them. */
static void blit_jobs_fini(struct drm_device *drm, void *arg)
{
	struct blit_device *blit = arg;

	xa_destroy(&blit->jobs);
}

static int blit_jobs_init(struct blit_device *blit)
{
	xa_init_flags(&blit->jobs, XA_FLAGS_ALLOC1);

	return drmm_add_action_or_reset(&blit->drm, blit_jobs_fini, blit);
}

static int blit_probe(struct platform_device *pdev)
{
	struct blit_device *blit;
	struct clk *clk;
	int err;

	blit = devm_drm_dev_alloc(&pdev->dev, &blit_driver, struct blit_device, drm);
	if (IS_ERR(blit))
		return PTR_ERR(blit);

	platform_set_drvdata(pdev, blit);

	clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(clk))
		return PTR_ERR(clk);

	blit->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(blit->regs))
		return PTR_ERR(blit->regs);

	err = blit_jobs_init(blit);
	if (err)
		return err;

	err = blit_fw_init(blit);
	if (err)
		return err;

	return drm_dev_register(&blit->drm, 0);
}

static void blit_remove(struct platform_device *pdev)
{
	struct blit_device *blit = platform_get_drvdata(pdev);

	drm_dev_unplug(&blit->drm);
}

static const struct of_device_id blit_of_match[] = {
	{ .compatible = "sample,blit" },
	{ }
};
MODULE_DEVICE_TABLE(of, blit_of_match);

static struct platform_driver blit_platform_driver = {
	.probe = blit_probe,
	.remove = blit_remove,
	.driver = {
		.name = "sample_blit",
		.of_match_table = blit_of_match,
	},
};
module_platform_driver(blit_platform_driver);

MODULE_DESCRIPTION("A blitter driver to try Driver Teardown on");
MODULE_LICENSE("Dual MIT/GPL");
