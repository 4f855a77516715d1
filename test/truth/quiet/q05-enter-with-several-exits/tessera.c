// SPDX-License-Identifier: MIT
/* Small inference engine: jobs are run in the ioctl, results stay in a log which open files may read on. */
#include <linux/clk.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <drm/drm_accel.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

#define TESS_OPCODE	0x00
#define TESS_ARG	0x04
#define TESS_START	0x08
#define TESS_STATE	0x0c
#define TESS_RESULT	0x10
#define TESS_IDLE	BIT(0)
#define TESS_ERROR	BIT(1)
#define TESS_LOG	512

struct tess_job {
	__u32 opcode;
	__u32 arg;
	__u32 result;
};

struct tess_log_get {
	__u64 user;
	__u32 count;
	__u32 pad;
};

#define DRM_TESS_RUN	0
#define DRM_TESS_LOG	1
#define DRM_IOCTL_TESS_RUN	DRM_IOWR(DRM_COMMAND_BASE + DRM_TESS_RUN, struct tess_job)
#define DRM_IOCTL_TESS_LOG	DRM_IOWR(DRM_COMMAND_BASE + DRM_TESS_LOG, struct tess_log_get)

struct tess {
	struct drm_device drm;
	struct mutex lock;	/* the engine and the log */
	void __iomem *regs;
	struct clk *clk;
	u32 *log;
	u32 logged;
};

struct tess_file {
	struct tess *tess;
	u32 runs;
};

#define to_tess(d) container_of(d, struct tess, drm)

static int tess_run_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct tess_file *priv = file->driver_priv;
	struct tess *tess = priv->tess;
	struct tess_job *job = data;
	u32 state;
	int idx, ret;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	ret = mutex_lock_interruptible(&tess->lock);
	if (ret) {
		drm_dev_exit(idx);
		return ret;
	}

	writel(job->opcode, tess->regs + TESS_OPCODE);
	writel(job->arg, tess->regs + TESS_ARG);
	writel(1, tess->regs + TESS_START);
	ret = readl_poll_timeout(tess->regs + TESS_STATE, state, state & TESS_IDLE, 20, 100000);
	if (ret)
		goto out_unlock;
	if (state & TESS_ERROR) {
		mutex_unlock(&tess->lock);
		drm_dev_exit(idx);
		return -EIO;
	}

	job->result = readl(tess->regs + TESS_RESULT);
	tess->log[tess->logged++ % TESS_LOG] = job->result;
	priv->runs++;

out_unlock:
	mutex_unlock(&tess->lock);
	drm_dev_exit(idx);
	return ret;
}

/* Needs no hardware, so no section around it: the log is freed with the last file. */
static int tess_log_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct tess *tess = to_tess(drm);
	struct tess_log_get *get = data;
	int ret = 0;

	if (get->pad)
		return -EINVAL;
	mutex_lock(&tess->lock);
	get->count = min3(get->count, tess->logged, (u32)TESS_LOG);
	if (copy_to_user(u64_to_user_ptr(get->user), tess->log, get->count * sizeof(u32)))
		ret = -EFAULT;
	mutex_unlock(&tess->lock);
	return ret;
}

static int tess_open(struct drm_device *drm, struct drm_file *file)
{
	struct tess_file *priv = kzalloc(sizeof(*priv), GFP_KERNEL);

	if (!priv)
		return -ENOMEM;
	priv->tess = to_tess(drm);
	file->driver_priv = priv;
	return 0;
}

static void tess_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct tess_file *priv = file->driver_priv;
	int idx;

	if (drm_dev_enter(drm, &idx)) {
		dev_dbg(drm->dev, "%u runs, state %x\n", priv->runs,
			readl(priv->tess->regs + TESS_STATE));
		drm_dev_exit(idx);
	}
	kfree(priv);
}

static const struct drm_ioctl_desc tess_ioctls[] = {
	DRM_IOCTL_DEF_DRV(TESS_RUN, tess_run_ioctl, 0),
	DRM_IOCTL_DEF_DRV(TESS_LOG, tess_log_ioctl, 0),
};

DEFINE_DRM_ACCEL_FOPS(tess_fops);

static const struct drm_driver tess_drm_driver = {
	.driver_features = DRIVER_COMPUTE_ACCEL | DRIVER_GEM,
	.open = tess_open,
	.postclose = tess_postclose,
	.ioctls = tess_ioctls,
	.num_ioctls = ARRAY_SIZE(tess_ioctls),
	.fops = &tess_fops,
	.name = "tessera",
	.desc = "Tessera inference engine",
	.date = "20240901",
	.major = 1,
};

static int tess_probe(struct platform_device *pdev)
{
	struct tess *tess;
	int ret;

	tess = devm_drm_dev_alloc(&pdev->dev, &tess_drm_driver, struct tess, drm);
	if (IS_ERR(tess))
		return PTR_ERR(tess);
	platform_set_drvdata(pdev, tess);

	ret = drmm_mutex_init(&tess->drm, &tess->lock);
	if (ret)
		return ret;
	tess->log = drmm_kcalloc(&tess->drm, TESS_LOG, sizeof(*tess->log), GFP_KERNEL);
	if (!tess->log)
		return -ENOMEM;

	tess->clk = devm_clk_get(&pdev->dev, NULL);
	if (IS_ERR(tess->clk))
		return PTR_ERR(tess->clk);
	tess->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tess->regs))
		return PTR_ERR(tess->regs);

	ret = clk_prepare_enable(tess->clk);
	if (ret)
		return ret;
	ret = drm_dev_register(&tess->drm, 0);
	if (ret)
		clk_disable_unprepare(tess->clk);
	return ret;
}

static void tess_remove(struct platform_device *pdev)
{
	struct tess *tess = platform_get_drvdata(pdev);

	drm_dev_unplug(&tess->drm);
	clk_disable_unprepare(tess->clk);
}

static const struct of_device_id tess_of_match[] = {
	{ .compatible = "mosaic,tessera" },
	{ }
};
MODULE_DEVICE_TABLE(of, tess_of_match);

static struct platform_driver tess_driver = {
	.probe = tess_probe,
	.remove = tess_remove,
	.driver = { .name = "tessera", .of_match_table = tess_of_match },
};
module_platform_driver(tess_driver);

MODULE_DESCRIPTION("Tessera inference engine");
MODULE_LICENSE("GPL");
