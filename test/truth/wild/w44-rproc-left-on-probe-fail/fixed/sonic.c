struct sonic {
	struct device *dev;
	struct rproc *dsp;
	struct snd_card *card;
};
static int sonic_start(struct sonic *s)
{
	int ret;

	s->dsp = rproc_get_by_phandle(1);
	if (!s->dsp)
		return -EPROBE_DEFER;
	ret = rproc_boot(s->dsp);
	if (ret)
		goto put;
	return 0;
put:
	rproc_put(s->dsp);
	return ret;
}
static void sonic_stop(struct sonic *s)
{
	rproc_shutdown(s->dsp);
	rproc_put(s->dsp);
}
static int sonic_probe(struct platform_device *pdev)
{
	struct sonic *s;
	int ret;

	s = devm_kzalloc(&pdev->dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	s->dev = &pdev->dev;
	platform_set_drvdata(pdev, s);
	ret = sonic_start(s);
	if (ret)
		return ret;
	ret = devm_snd_soc_register_component(&pdev->dev, &sonic_component, sonic_dais, 2);
	if (ret) {
		sonic_stop(s);
		dev_err(&pdev->dev, "no component\n");
		return ret;
	}
	return 0;
}
static void sonic_remove(struct platform_device *pdev)
{
	struct sonic *s = platform_get_drvdata(pdev);

	sonic_stop(s);
}
static struct platform_driver sonic_driver = {
	.probe = sonic_probe,
	.remove = sonic_remove,
};
module_platform_driver(sonic_driver);

