#ifndef TN_H
#define TN_H

#include <linux/pci.h>
#include <drm/drm_device.h>

#define TN_SENSORS	4

/* Written by the firmware once a second. */
struct tn_telemetry {
	__le32 version;
	__le32 temp[TN_SENSORS];	/* millidegrees */
	__le32 power;			/* microwatts */
};

struct tn_sensor_ops {
	int (*temp)(void *priv, int channel, long *val);
	int (*power)(void *priv, long *val);
};

struct tn_device {
	struct drm_device drm;
	struct pci_dev *pdev;
	void __iomem *regs;
	struct tn_telemetry *telemetry;
	dma_addr_t telemetry_dma;
	const struct tn_sensor_ops *sensors;
	struct device *hwmon;
};

#define to_tn(d) container_of(d, struct tn_device, drm)

extern const struct tn_sensor_ops tn_telemetry_sensors;

int tn_telemetry_init(struct tn_device *tn);
void tn_telemetry_fini(struct tn_device *tn);
int tn_hwmon_init(struct tn_device *tn);

#endif
