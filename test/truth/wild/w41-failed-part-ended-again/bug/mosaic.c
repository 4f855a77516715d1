struct mosaic {
	struct device *dev;
	void *table;
	void *fifo;
	int irq;
};
struct mosaic_part {
	const char *name;
	int (*start)(struct mosaic *m);
	void (*stop)(struct mosaic *m);
};
static int mosaic_lut_start(struct mosaic *m)
{
	m->table = kzalloc(256, GFP_KERNEL);
	return m->table ? 0 : -ENOMEM;
}
static void mosaic_lut_stop(struct mosaic *m)
{
	kfree(m->table);
}
static irqreturn_t mosaic_isr(int irq, void *arg)
{
	return IRQ_HANDLED;
}
static int mosaic_dma_start(struct mosaic *m)
{
	int ret;

	m->fifo = kzalloc(4096, GFP_KERNEL);
	if (!m->fifo)
		return -ENOMEM;
	ret = request_irq(m->irq, mosaic_isr, 0, "mosaic", m);
	if (ret) {
		kfree(m->fifo);
		return ret;
	}
	return 0;
}
static void mosaic_dma_exit(struct mosaic *m)
{
	free_irq(m->irq, m);
	kfree(m->fifo);
}
static const struct mosaic_part mosaic_parts[] = {
	{ .name = "lut", .start = mosaic_lut_start, .stop = mosaic_lut_stop },
	{ .name = "dma", .start = mosaic_dma_start, .stop = mosaic_dma_exit },
};
static int mosaic_up(struct mosaic *m)
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(mosaic_parts); i++) {
		const struct mosaic_part *part = &mosaic_parts[i];

		ret = part->start(m);
		if (ret) {
			while (i >= 0)
				mosaic_parts[i--].stop(m);
			return ret;
		}
	}
	return 0;
}
static int mosaic_probe(struct platform_device *pdev)
{
	struct mosaic *m;

	m = devm_kzalloc(&pdev->dev, sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->irq = platform_get_irq(pdev, 0);
	if (m->irq < 0)
		return m->irq;
	platform_set_drvdata(pdev, m);
	return mosaic_up(m);
}
static void mosaic_remove(struct platform_device *pdev)
{
	struct mosaic *m = platform_get_drvdata(pdev);
	int i;

	for (i = ARRAY_SIZE(mosaic_parts) - 1; i >= 0; i--)
		mosaic_parts[i].stop(m);
}
static struct platform_driver mosaic_driver = {
	.probe = mosaic_probe,
	.remove = mosaic_remove,
};
module_platform_driver(mosaic_driver);
