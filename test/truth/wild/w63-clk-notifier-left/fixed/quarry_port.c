// SPDX-License-Identifier: MIT
#include <linux/io.h>

#include "quarry.h"

#define QUARRY_BAUD		115200
#define QUARRY_PORT_DIV(n)	(0x20 + 0x10 * (n))

#define nb_to_port(nb)		container_of(nb, struct quarry_port, rate_nb)

static void quarry_port_program(struct quarry_port *port, unsigned long rate)
{
	writel(rate / QUARRY_BAUD, port->div);
}

static int quarry_rate_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct clk_notifier_data *nd = data;

	if (event == POST_RATE_CHANGE)
		quarry_port_program(nb_to_port(nb), nd->new_rate);

	return NOTIFY_OK;
}

int quarry_port_start(struct quarry *qy, unsigned int n)
{
	struct quarry_port *port = &qy->port[n];
	char name[16];
	int ret;

	snprintf(name, sizeof(name), "port%u", n);
	port->clk = devm_clk_get(qy->dev, name);
	if (IS_ERR(port->clk))
		return PTR_ERR(port->clk);

	port->div = qy->regs + QUARRY_PORT_DIV(n);
	port->rate_nb.notifier_call = quarry_rate_event;

	ret = clk_notifier_register(port->clk, &port->rate_nb);
	if (ret)
		return ret;

	ret = clk_prepare_enable(port->clk);
	if (ret) {
		clk_notifier_unregister(port->clk, &port->rate_nb);
		return ret;
	}

	quarry_port_program(port, clk_get_rate(port->clk));
	return 0;
}

void quarry_port_stop(struct quarry_port *port)
{
	clk_notifier_unregister(port->clk, &port->rate_nb);
	clk_disable_unprepare(port->clk);
}
