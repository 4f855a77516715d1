/* SPDX-License-Identifier: MIT */
#ifndef __MXV_H__
#define __MXV_H__

#include <linux/bits.h>
#include <linux/io.h>
#include <drm/drm_device.h>
#include <drm/drm_ioctl.h>

#define MXV_REG_ID		0x000
#define MXV_REG_CTRL		0x004
#define   MXV_CTRL_EN		BIT(0)
#define   MXV_CTRL_HALT		BIT(1)
#define MXV_REG_STATUS		0x008
#define   MXV_STATUS_IDLE	BIT(0)
#define MXV_REG_QOS		0x010
#define MXV_REG_FILL_COLOR	0x100
#define MXV_REG_FILL_GO		0x104

struct drm_mxv_fill {
	__u32 color;
	__u32 flags;
};

#define DRM_MXV_FILL		0x00
#define DRM_IOCTL_MXV_FILL	DRM_IOW(DRM_COMMAND_BASE + DRM_MXV_FILL, struct drm_mxv_fill)

struct mxv_device;

struct mxv_soc_ops {
	int (*power_up)(struct mxv_device *mxv);
	void (*quiesce)(struct mxv_device *mxv);
};

struct mxv_soc {
	const char *name;
	u32 qos;
	const struct mxv_soc_ops *ops;
};

struct mxv_device {
	struct drm_device drm;
	void __iomem *regs;
	const struct mxv_soc *soc;
};

static inline u32 mxv_read(struct mxv_device *mxv, u32 reg)
{
	return readl(mxv->regs + reg);
}

static inline void mxv_write(struct mxv_device *mxv, u32 reg, u32 val)
{
	writel(val, mxv->regs + reg);
}

extern const struct mxv_soc mxv_soc_a1;
extern const struct mxv_soc mxv_soc_b2;

int mxv_hw_init(struct mxv_device *mxv);

#endif
