/** A module that takes a while to be read: many files, of code that has nothing to do with teardown. */
import { type Files, faulty, toyDriver } from '../cli/support.ts';

function padding(number: number, functions: number): string {
  const one = (n: number): string => `
static int toy_pad_${number}_${n}(struct toy *toy, int value)
{
	int i;

	for (i = 0; i < value; i++) {
		if (i % 3 == ${n % 3})
			toy_write(toy, i << ${n % 8}, value & 0xff);
		else if (toy_read(toy, i) > ${n})
			return -EINVAL;
	}
	return value + ${n};
}
`;
  return Array.from({ length: functions }, (_, n) => one(n)).join('');
}

/** The toy driver with its finding in toy_ring.c, and so many files of so many functions beside it. */
export function bigModule(files: number, functions: number): Files {
  const names = Array.from({ length: files }, (_, n) => `pad_${n}`);
  const objects = ['toy_drv', 'toy_ring', ...names].map((name) => `${name}.o`).join(' ');
  return {
    ...toyDriver,
    'toy_ring.c': faulty,
    Makefile: `toy-y := ${objects}\nobj-m += toy.o\n`,
    ...Object.fromEntries(names.map((name, n) => [`${name}.c`, padding(n, functions)])),
  };
}
