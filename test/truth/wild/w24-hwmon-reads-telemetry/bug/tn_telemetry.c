#include <linux/dma-mapping.h>
#include <linux/io.h>

#include "tn.h"

#define TN_REG_TELEMETRY	0x200
#define TN_REG_TELEMETRY_CTL	0x208

int tn_telemetry_init(struct tn_device *tn)
{
	tn->telemetry = dma_alloc_coherent(&tn->pdev->dev, sizeof(*tn->telemetry),
					   &tn->telemetry_dma, GFP_KERNEL);
	if (!tn->telemetry)
		return -ENOMEM;

	writeq(tn->telemetry_dma, tn->regs + TN_REG_TELEMETRY);
	writel(1, tn->regs + TN_REG_TELEMETRY_CTL);
	tn->sensors = &tn_telemetry_sensors;

	return 0;
}

void tn_telemetry_fini(struct tn_device *tn)
{
	writel(0, tn->regs + TN_REG_TELEMETRY_CTL);
	readl(tn->regs + TN_REG_TELEMETRY_CTL);
	dma_free_coherent(&tn->pdev->dev, sizeof(*tn->telemetry), tn->telemetry,
			  tn->telemetry_dma);
}

static int tn_telemetry_temp(void *priv, int channel, long *val)
{
	struct tn_device *tn = priv;

	*val = le32_to_cpu(READ_ONCE(tn->telemetry->temp[channel]));
	return 0;
}

static int tn_telemetry_power(void *priv, long *val)
{
	struct tn_device *tn = priv;

	*val = le32_to_cpu(READ_ONCE(tn->telemetry->power));
	return 0;
}

const struct tn_sensor_ops tn_telemetry_sensors = {
	.temp = tn_telemetry_temp,
	.power = tn_telemetry_power,
};
