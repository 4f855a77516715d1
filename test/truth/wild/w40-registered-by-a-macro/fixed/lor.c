struct lor {
	struct device *dev;
	struct workqueue_struct *wq;
	void __iomem *regs;
};
#define lor_devm(ret, lor, fn)							\
	do {									\
		ret = devm_add_action_or_reset((lor)->dev, fn, lor);		\
		dev_dbg((lor)->dev, "%s\n", #fn);				\
	} while (0)
static void lor_wq_end(void *arg)
{
	struct lor *lor = arg;

	destroy_workqueue(lor->wq);
}
static int lor_probe(struct platform_device *pdev)
{
	struct lor *lor;
	int ret;

	lor = devm_kzalloc(&pdev->dev, sizeof(*lor), GFP_KERNEL);
	if (!lor)
		return -ENOMEM;
	lor->dev = &pdev->dev;
	lor->wq = alloc_workqueue("lor", 0, 0);
	if (!lor->wq)
		return -ENOMEM;
	lor_devm(ret, lor, lor_wq_end);
	if (ret)
		return ret;
	lor->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lor->regs))
		return PTR_ERR(lor->regs);
	return 0;
}
static struct platform_driver lor_driver = {
	.probe = lor_probe,
};
module_platform_driver(lor_driver);
