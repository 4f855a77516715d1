// SPDX-License-Identifier: MIT
#include <linux/bitops.h>

#include "kpx.h"

static const unsigned short kpx_default_map[KPX_KEYS] = {
	KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT,
	KEY_ENTER, KEY_ESC, KEY_MENU, KEY_HOME,
};

int kpx_setup_input(struct kpx *kp)
{
	struct input_dev *input;
	unsigned int i;

	input = devm_input_allocate_device(&kp->client->dev);
	if (!input)
		return -ENOMEM;

	memcpy(kp->keymap, kpx_default_map, sizeof(kp->keymap));

	input->name = "KPX keypad";
	input->id.bustype = BUS_I2C;
	input->keycode = kp->keymap;
	input->keycodesize = sizeof(kp->keymap[0]);
	input->keycodemax = KPX_KEYS;
	for (i = 0; i < KPX_KEYS; i++)
		input_set_capability(input, EV_KEY, kp->keymap[i]);

	kp->input = input;

	return input_register_device(input);
}

void kpx_report(struct kpx *kp, u8 state)
{
	unsigned long changed = state ^ kp->state;
	unsigned int key;

	for_each_set_bit(key, &changed, KPX_KEYS)
		input_report_key(kp->input, kp->keymap[key], state & BIT(key));
	input_sync(kp->input);

	kp->state = state;
}
