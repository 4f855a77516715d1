// SPDX-License-Identifier: MIT
/* Infrared receiver of the Glimmer SoC: the small variant is polled, the large one fills a buffer. */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <media/rc-core.h>

#define GLIR_CTRL	0x00
#define GLIR_COUNT	0x04
#define GLIR_FIFO	0x08
#define GLIR_BUFFER	0x0c
#define GLIR_MARK	BIT(31)
#define GLIR_PULSES	128
#define GLIR_POLL	msecs_to_jiffies(20)

enum glir_mode { GLIR_POLLED = 1, GLIR_BUFFERED };

struct glir {
	struct device *dev;
	struct rc_dev *rc;
	void __iomem *base;
	enum glir_mode mode;
	int irq;
	u32 *buf;
	dma_addr_t dma;
	struct delayed_work poll;
};

static int glir_buf_get(struct glir *ir)
{
#ifdef CONFIG_HAS_DMA
	ir->buf = dma_alloc_coherent(ir->dev, GLIR_PULSES * sizeof(u32), &ir->dma, GFP_KERNEL);
#else
	ir->buf = kcalloc(GLIR_PULSES, sizeof(u32), GFP_KERNEL);
#endif
	return ir->buf ? 0 : -ENOMEM;
}

static void glir_buf_put(struct glir *ir)
{
#ifdef CONFIG_HAS_DMA
	dma_free_coherent(ir->dev, GLIR_PULSES * sizeof(u32), ir->buf, ir->dma);
#else
	kfree(ir->buf);
#endif
}

static void glir_pulse(struct glir *ir, u32 word)
{
	struct ir_raw_event ev = { .pulse = !!(word & GLIR_MARK), .duration = word & 0xfffff };

	ir_raw_event_store_with_filter(ir->rc, &ev);
}

static void glir_poll(struct work_struct *work)
{
	struct glir *ir = container_of(to_delayed_work(work), struct glir, poll);
	u32 n = min_t(u32, readl(ir->base + GLIR_COUNT), GLIR_PULSES);
	u32 i;

	for (i = 0; i < n; i++)
		glir_pulse(ir, readl(ir->base + GLIR_FIFO));
	if (n)
		ir_raw_event_handle(ir->rc);
	schedule_delayed_work(&ir->poll, GLIR_POLL);
}

static irqreturn_t glir_irq(int irq, void *data)
{
	struct glir *ir = data;
	u32 n = min_t(u32, readl(ir->base + GLIR_COUNT), GLIR_PULSES);
	u32 i;

	for (i = 0; i < n; i++)
		glir_pulse(ir, READ_ONCE(ir->buf[i]));
	ir_raw_event_handle(ir->rc);
	return IRQ_HANDLED;
}

static int glir_start(struct glir *ir)
{
	int ret;

	switch (ir->mode) {
	case GLIR_POLLED:
		INIT_DELAYED_WORK(&ir->poll, glir_poll);
		writel(1, ir->base + GLIR_CTRL);
		schedule_delayed_work(&ir->poll, GLIR_POLL);
		return 0;
	case GLIR_BUFFERED:
		ret = glir_buf_get(ir);
		if (ret)
			return ret;
		ret = request_irq(ir->irq, glir_irq, 0, "glimmer-ir", ir);
		if (ret) {
			glir_buf_put(ir);
			return ret;
		}
		writel(lower_32_bits(ir->dma), ir->base + GLIR_BUFFER);
		writel(3, ir->base + GLIR_CTRL);
		return 0;
	}
	return -EINVAL;
}

static void glir_stop(struct glir *ir)
{
	switch (ir->mode) {
	case GLIR_POLLED:
		cancel_delayed_work_sync(&ir->poll);
		writel(0, ir->base + GLIR_CTRL);
		break;
	case GLIR_BUFFERED:
		writel(0, ir->base + GLIR_CTRL);
		free_irq(ir->irq, ir);
		glir_buf_put(ir);
		break;
	}
}

static int glir_probe(struct platform_device *pdev)
{
	struct glir *ir;
	int ret;

	ir = devm_kzalloc(&pdev->dev, sizeof(*ir), GFP_KERNEL);
	if (!ir)
		return -ENOMEM;
	ir->dev = &pdev->dev;
	ir->mode = (uintptr_t)of_device_get_match_data(&pdev->dev);
	platform_set_drvdata(pdev, ir);

	ir->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ir->base))
		return PTR_ERR(ir->base);
	if (ir->mode == GLIR_BUFFERED) {
		ir->irq = platform_get_irq(pdev, 0);
		if (ir->irq < 0)
			return ir->irq;
	}

	ir->rc = devm_rc_allocate_device(&pdev->dev, RC_DRIVER_IR_RAW);
	if (!ir->rc)
		return -ENOMEM;
	ir->rc->device_name = "Glimmer IR";
	ir->rc->driver_name = "glimmer-ir";
	ir->rc->map_name = RC_MAP_EMPTY;
	ir->rc->allowed_protocols = RC_PROTO_BIT_ALL_IR_DECODER;

	ret = rc_register_device(ir->rc);
	if (ret)
		return ret;

	ret = glir_start(ir);
	if (ret)
		rc_unregister_device(ir->rc);	/* the memory of it is devm's */
	return ret;
}

static void glir_remove(struct platform_device *pdev)
{
	struct glir *ir = platform_get_drvdata(pdev);

	glir_stop(ir);
	rc_unregister_device(ir->rc);
}

static const struct of_device_id glir_of_match[] = {
	{ .compatible = "glimmer,ir-s", .data = (void *)GLIR_POLLED },
	{ .compatible = "glimmer,ir-l", .data = (void *)GLIR_BUFFERED },
	{ }
};
MODULE_DEVICE_TABLE(of, glir_of_match);

static struct platform_driver glir_driver = {
	.probe = glir_probe,
	.remove = glir_remove,
	.driver = { .name = "glimmer-ir", .of_match_table = glir_of_match },
};
module_platform_driver(glir_driver);

MODULE_DESCRIPTION("Glimmer infrared receiver");
MODULE_LICENSE("GPL");
