#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_print.h>

#include "st.h"

static void st_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	struct st_device *st = to_st(file->minor->dev);

	drm_printf(p, "steno-load:\t%u\n", READ_ONCE(st->load));
}

static const struct file_operations st_fops = {
	.owner = THIS_MODULE,
	DRM_GEM_FOPS,
	.show_fdinfo = drm_show_fdinfo,
};

static const struct drm_driver st_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &st_fops,
	.show_fdinfo = st_show_fdinfo,
	.name = "steno",
	.desc = "Steno transcoder",
};

static irqreturn_t st_irq(int irq, void *data)
{
	struct st_device *st = data;
	u32 done = readl(st->regs + ST_IRQ_STATUS);

	if (!done)
		return IRQ_NONE;
	writel(done, st->regs + ST_IRQ_STATUS);
	atomic_add(hweight32(done), &st->jobs);

	return IRQ_HANDLED;
}

static int st_probe(struct auxiliary_device *aux, const struct auxiliary_device_id *id)
{
	struct st_auxdev *parent = container_of(aux, struct st_auxdev, aux);
	struct device *dev = &aux->dev;
	struct st_device *st;
	int ret;

	st = devm_drm_dev_alloc(dev, &st_driver, struct st_device, drm);
	if (IS_ERR(st))
		return PTR_ERR(st);
	auxiliary_set_drvdata(aux, st);

	st->regs = devm_ioremap(dev, parent->regs, parent->size);
	if (!st->regs)
		return -ENOMEM;

	ret = devm_request_irq(dev, parent->irq, st_irq, IRQF_SHARED, "steno", st);
	if (ret)
		return ret;

	ret = st_load_init(st);
	if (ret)
		return ret;

	return drm_dev_register(&st->drm, 0);
}

static void st_remove(struct auxiliary_device *aux)
{
	struct st_device *st = auxiliary_get_drvdata(aux);

	drm_dev_unplug(&st->drm);
}

static const struct auxiliary_device_id st_ids[] = {
	{ .name = "mediacard.steno" },
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, st_ids);

static struct auxiliary_driver st_aux_driver = {
	.name = "steno",
	.probe = st_probe,
	.remove = st_remove,
	.id_table = st_ids,
};
module_auxiliary_driver(st_aux_driver);

MODULE_DESCRIPTION("Steno transcoder");
MODULE_LICENSE("GPL");
