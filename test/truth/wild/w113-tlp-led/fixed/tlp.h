/* SPDX-License-Identifier: MIT */
#ifndef _TLP_H_
#define _TLP_H_

#include <linux/leds.h>
#include <linux/regmap.h>

struct gpio_desc;
struct regulator;

#define TLP_NUM_LEDS	3
#define TLP_REG_EN	0x00
#define TLP_REG_PWM(n)	(0x04 + (n))
#define TLP_REG_MAX	0x07

struct tlp_led {
	struct led_classdev cdev;
	unsigned int index;
	struct tlp_chip *chip;
};

struct tlp_chip {
	struct device *dev;
	struct regmap *map;
	struct regulator *vled;
	struct gpio_desc *enable;
	struct tlp_led leds[TLP_NUM_LEDS];
};

int tlp_power_get(struct tlp_chip *chip);
int tlp_power_on(struct tlp_chip *chip);
void tlp_power_off(void *data);

#endif
