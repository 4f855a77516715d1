#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>

struct qux {
	struct drm_device drm;
	struct mutex lock;
	void *buf;
	struct clk *clk[3];
	bool big;
};

static void qux_fini(void *arg)
{
}

static void qux_give(struct qux *qux)
{
}

int qux_take(struct qux *qux);

/* a: while a lock is held */
int qux_a(struct qux *qux, struct device *dev)
{
	int ret = 0;

	mutex_lock(&qux->lock);
	devm_add_action_or_reset(dev, qux_fini, qux);
	mutex_unlock(&qux->lock);

	return ret;
}

/* b: while a runtime PM reference is held */
int qux_b(struct qux *qux, struct device *dev)
{
	pm_runtime_get_sync(dev);
	devm_add_action_or_reset(dev, qux_fini, qux);
	pm_runtime_put(dev);

	return 0;
}

/* c: the next step undoes itself in a function */
int qux_c(struct qux *qux, struct device *dev)
{
	int ret;

	qux->buf = kmalloc(64, GFP_KERNEL);
	if (!qux->buf)
		return -ENOMEM;

	devm_add_action_or_reset(dev, qux_fini, qux);

	ret = qux_take(qux);
	if (ret) {
		qux_give(qux);
		return ret;
	}

	return 0;
}

/* d: in a loop whose steps are undone behind it */
int qux_d(struct qux *qux, struct device *dev)
{
	int i, ret;

	for (i = 0; i < 3; i++) {
		ret = clk_prepare_enable(qux->clk[i]);
		if (ret)
			goto err;
		devm_add_action_or_reset(dev, qux_fini, qux);
	}

	return 0;

err:
	while (i--)
		clk_disable_unprepare(qux->clk[i]);
	return ret;
}

/* e: switch */
int qux_e(struct qux *qux, struct device *dev)
{
	int ret;

	ret = qux_take(qux);
	if (ret)
		return ret;

	switch (qux->big) {
	case true:
		devm_add_action_or_reset(dev, qux_fini, qux);
		break;
	default:
		break;
	}

	ret = qux_take(qux);
	if (ret)
		goto give;

	return 0;

give:
	qux_give(qux);
	return ret;
}

/* f: the label undoes what comes below */
int qux_f(struct qux *qux, struct device *dev)
{
	int ret;

	devm_add_action_or_reset(dev, qux_fini, qux);

	qux->buf = kmalloc(64, GFP_KERNEL);
	ret = qux_take(qux);
	if (ret)
		goto give;

	return 0;

give:
	qux_give(qux);
	kfree(qux->buf);
	return ret;
}

/* g: what is set but not freed by label only */
int qux_g(struct qux *qux, struct device *dev)
{
	struct qux *copy;

	copy = kmemdup(qux, sizeof(*qux), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	devm_add_action_or_reset(dev, qux_fini, qux);
	kfree(copy);
	return 0;
}

/* h: the result of the whole says how many */
int qux_h(struct qux *qux, struct device *dev)
{
	int count = 0;

	for (; count < 3; count++)
		devm_add_action_or_reset(dev, qux_fini, qux);

	return count;
}

/* i: locked by a guard of the driver's own */
static void qux_enter(struct qux *qux)
{
	mutex_lock(&qux->lock);
}

static void qux_leave(struct qux *qux)
{
	mutex_unlock(&qux->lock);
}

int qux_i(struct qux *qux, struct device *dev)
{
	qux_enter(qux);
	devm_add_action_or_reset(dev, qux_fini, qux);
	qux_leave(qux);

	return 0;
}

/* j: a bare IRQ off */
int qux_j(struct qux *qux, struct device *dev)
{
	disable_irq(12);
	devm_add_action_or_reset(dev, qux_fini, qux);
	enable_irq(12);

	return 0;
}

static int qux_probe(struct platform_device *pdev)
{
	struct qux *qux = devm_kzalloc(&pdev->dev, sizeof(*qux), GFP_KERNEL);

	if (!qux)
		return -ENOMEM;
	qux_a(qux, &pdev->dev);
	qux_b(qux, &pdev->dev);
	qux_c(qux, &pdev->dev);
	qux_d(qux, &pdev->dev);
	qux_e(qux, &pdev->dev);
	qux_f(qux, &pdev->dev);
	qux_g(qux, &pdev->dev);
	qux_h(qux, &pdev->dev);
	qux_i(qux, &pdev->dev);
	return qux_j(qux, &pdev->dev);
}

static struct platform_driver qux_platform = {
	.probe = qux_probe,
	.driver = { .name = "qux" },
};
module_platform_driver(qux_platform);
