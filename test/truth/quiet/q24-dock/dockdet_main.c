// SPDX-License-Identifier: MIT
/* Dock connector switch on a GPIO. */
#include <linux/gpio/consumer.h>
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "dockdet.h"

static irqreturn_t dockdet_irq(int irq, void *data)
{
	dockdet_kick(data);

	return IRQ_HANDLED;
}

static int dockdet_input_init(struct dockdet *dd)
{
	dd->input = devm_input_allocate_device(dd->dev);
	if (!dd->input)
		return -ENOMEM;

	dd->input->name = "Dock switch";
	dd->input->id.bustype = BUS_HOST;
	input_set_capability(dd->input, EV_SW, SW_DOCK);

	return input_register_device(dd->input);
}

static int dockdet_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct dockdet *dd;
	int ret;

	dd = devm_kzalloc(dev, sizeof(*dd), GFP_KERNEL);
	if (!dd)
		return -ENOMEM;

	dd->dev = dev;
	dd->gpio = devm_gpiod_get(dev, "dock", GPIOD_IN);
	if (IS_ERR(dd->gpio))
		return dev_err_probe(dev, PTR_ERR(dd->gpio), "no gpio\n");

	dd->irq = gpiod_to_irq(dd->gpio);
	if (dd->irq < 0)
		return dd->irq;

	ret = dockdet_input_init(dd);
	if (ret)
		return dev_err_probe(dev, ret, "no input device\n");

	ret = dockdet_work_init(dd);
	if (ret)
		return ret;

	ret = devm_request_irq(dev, dd->irq, dockdet_irq,
			       IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING,
			       dev_name(dev), dd);
	if (ret)
		return dev_err_probe(dev, ret, "cannot request irq\n");

	/* tell the state found at boot */
	dockdet_kick(dd);

	return 0;
}

static const struct of_device_id dockdet_of_match[] = {
	{ .compatible = "acme,dock-detect" },
	{ }
};
MODULE_DEVICE_TABLE(of, dockdet_of_match);

static struct platform_driver dockdet_driver = {
	.probe = dockdet_probe,
	.driver = {
		.name = "dockdet",
		.of_match_table = dockdet_of_match,
	},
};
module_platform_driver(dockdet_driver);

MODULE_DESCRIPTION("Dock detection");
MODULE_LICENSE("GPL");
