/** Modules that are hostile by what they call and register: counts, chains, rings, callbacks. */
import { driver, type Shape, times } from './shape.ts';

const act = (n: number): string => `static void act_${n}(void *data)
{
	struct foo *foo = data;

	writel(${n}, foo->regs);
}
`;

const checked = (n: number, call: string): string => `	ret = ${call};
	if (ret)
		return ret;
	foo->done = ${n};
`;

const add = (n: number): string => `devm_add_action_or_reset(dev, act_${n}, foo)`;

/** A chain in which each function calls the next twice. */
const doubling = (count: number, last: string): string =>
  times(count, (i) => {
    const n = count - 1 - i;
    const body =
      n === count - 1 ? last : `	chain_${n + 1}(foo, ${n});\n	chain_${n + 1}(foo, ${n + 7});\n`;
    return `static void chain_${n}(struct foo *foo, int n)\n{\n${body}}\n`;
  });

const takes = `	foo->irq = request_irq(foo->irq, NULL, 0, "foo", foo);
	foo->m[n] = kmalloc(n, GFP_KERNEL);
`;

const ring = (count: number, steps: readonly number[]): string =>
  `${times(count, (n) => `static int ring_${n}(struct foo *foo);\n`)}${times(
    count,
    (n) => `static int ring_${n}(struct foo *foo)
{
${steps.map((step) => `	if (foo->m[${step}])\n		ring_${(n * 13 + step) % count}(foo);\n`).join('')}${n % 100 === 7 ? '	clk_disable_unprepare(foo->clk);\n	writel(1, foo->regs);\n' : ''}	return 0;
}
`,
  )}`;

export const calls: readonly Shape[] = [
  {
    name: 'registrations of one action',
    size: 8000,
    files: (n) =>
      driver(
        '',
        times(n, (i) => checked(i, 'devm_add_action_or_reset(dev, act_0, foo)')),
        { above: act(0) },
      ),
  },
  {
    name: 'registrations that are read',
    size: 2500,
    files: (n) =>
      driver(
        '',
        times(n, (i) => checked(i, 'devm_add_action_or_reset(dev, act_0, foo)')),
        { above: act(0) },
      ),
  },
  {
    name: 'registrations, an action each',
    size: 1500,
    files: (n) =>
      driver(
        '',
        times(n, (i) => checked(i, add(i))),
        { above: times(n, act) },
      ),
  },
  {
    name: 'registrations that nobody checks',
    size: 8000,
    files: (n) =>
      driver(
        '',
        times(n, () => '	devm_add_action(dev, act_0, foo);\n'),
        { above: act(0) },
      ),
  },
  {
    name: 'registrations, a function each',
    size: 800,
    files: (n) =>
      driver(
        '',
        times(n, (i) => checked(i, `setup_${i}(dev, foo)`)),
        {
          above: times(
            n,
            (i) => `${act(i)}
static int setup_${i}(struct device *dev, struct foo *foo)
{
	foo->m[${i}] = devm_kzalloc(dev, ${i}, GFP_KERNEL);
	if (!foo->m[${i}])
		return -ENOMEM;
	return ${add(i)};
}
`,
          ),
        },
      ),
  },
  {
    name: 'drmm and devm in turns',
    size: 2000,
    files: (n) =>
      driver(
        '',
        times(n, (i) =>
          checked(
            i,
            i % 2 === 0 ? add(0) : `drmm_add_action_or_reset(&foo->drm, last_${i % 50}, foo)`,
          ),
        ),
        {
          above: `${act(0)}${times(50, (i) => `static void last_${i}(struct drm_device *drm, void *data)\n{\n	struct foo *foo = data;\n\n	writel(${i}, foo->regs);\n	kfree(foo->m[${i}]);\n}\n`)}`,
        },
      ),
  },
  {
    name: 'things taken by hand and a ladder of gotos',
    size: 2000,
    files: (n) =>
      driver(
        times(n, (i) => `	kfree(foo->m[${n - 1 - i}]);\n`),
        `${times(n, (i) => `	foo->m[${i}] = kmalloc(${i}, GFP_KERNEL);\n	if (!foo->m[${i}])\n		goto err_${i};\n`)}	return 0;\n${times(n, (i) => `err_${n - 1 - i}:\n	kfree(foo->m[${n - 1 - i}]);\n`)}	return -ENOMEM;\n`,
      ),
  },
  {
    name: 'clocks by hand, each with its member',
    size: 2000,
    files: (n) =>
      driver(
        times(n, (i) => `	clk_disable_unprepare(foo->clk_${i});\n`),
        times(n, (i) => checked(i, `clk_prepare_enable(foo->clk_${i})`)),
        { members: times(n, (i) => `	struct clk *clk_${i};\n`) },
      ),
  },
  {
    name: 'a doubling chain from probe',
    size: 60,
    files: (n) => driver('', '	chain_0(foo, 1);\n', { above: doubling(n, takes) }),
  },
  {
    name: 'a doubling chain that registers',
    size: 60,
    files: (n) =>
      driver('', '	chain_0(foo, 1);\n', {
        above: `${act(0)}${doubling(n, '	devm_add_action_or_reset(foo->dev, act_0, foo);\n')}`,
      }),
  },
  {
    name: 'a doubling chain from remove',
    size: 60,
    files: (n) =>
      driver('	chain_0(foo, 1);\n', '', {
        above: doubling(n, '	kfree(foo->m[n]);\n	clk_disable_unprepare(foo->clk);\n'),
      }),
  },
  {
    name: 'a doubling chain from an action and a worker',
    size: 60,
    files: (n) =>
      driver('', `	INIT_WORK(&foo->work, work_0);\n${checked(0, add(0))}`, {
        above: `${doubling(n, '	writel(n, foo->regs);\n')}
static void act_0(void *data)
{
	chain_0(data, 1);
}

static void work_0(struct work_struct *work)
{
	chain_0(container_of(work, struct foo, work), 2);
}
`,
      }),
  },
  {
    name: 'functions that call seven others, round and round',
    size: 1000,
    files: (n) =>
      driver('	ring_3(foo);\n', checked(0, 'ring_0(foo)'), {
        above: ring(n, [1, 2, 3, 7, 31, 173, 997]),
      }),
  },
  {
    name: 'a chain of calls',
    size: 2000,
    files: (n) =>
      driver('	line_0(foo);\n', checked(0, 'line_0(foo)'), {
        above: times(n, (i) => {
          const at = n - 1 - i;
          return `static int line_${at}(struct foo *foo)\n{\n	return ${at === n - 1 ? 'clk_prepare_enable(foo->clk)' : `line_${at + 1}(foo)`};\n}\n`;
        }),
      }),
  },
  {
    name: 'actions that register the next action',
    size: 2000,
    files: (n) =>
      driver('', checked(0, add(0)), {
        above: `${times(n, (i) => `static void act_${i}(void *data);\n`)}${times(n, (i) => `static void act_${i}(void *data)\n{\n	struct foo *foo = data;\n\n	devm_add_action_or_reset(foo->dev, act_${(i + 1) % n}, foo);\n	devm_add_action_or_reset(foo->dev, act_${(i * 7 + 3) % n}, foo);\n}\n`)}`,
      }),
  },
  {
    name: 'workers that queue each other',
    size: 1000,
    files: (n) =>
      driver(
        times(n / 2, (i) => `	cancel_work_sync(&foo->work_${i});\n`),
        times(n, (i) => `	INIT_WORK(&foo->work_${i}, run_${i});\n`),
        {
          members: times(n, (i) => `	struct work_struct work_${i};\n`),
          above: times(
            n,
            (i) =>
              `static void run_${i}(struct work_struct *work)\n{\n	struct foo *foo = container_of(work, struct foo, work_${i});\n\n	writel(${i}, foo->regs);\n	schedule_work(&foo->work_${(i + 1) % n});\n	schedule_work(&foo->work_${(i * 7) % n});\n}\n`,
          ),
        },
      ),
  },
  {
    name: 'a table of implementations, called through its member',
    size: 1000,
    files: (n) =>
      driver('	foo->ops->run(foo);\n', '	foo->ops->run(foo);\n', {
        members: '	const struct foo_ops *ops;\n',
        above: `struct foo_ops { void (*run)(struct foo *foo); };\n${times(n, (i) => `static void impl_${i}(struct foo *foo)\n{\n	foo->ops->run(foo);\n	kfree(foo->m[${i}]);\n}\nstatic const struct foo_ops ops_${i} = { .run = impl_${i} };\n`)}`,
      }),
  },
  {
    name: 'drivers in one module',
    size: 150,
    files: (n) => {
      const one =
        driver('	kfree(foo->m[1]);\n', checked(0, add(0)), { above: act(0) })['foo.c'] ?? '';
      const [head = '', rest = ''] = one.split('/* here */\n');
      return {
        'foo.c':
          head +
          times(n, (i) => rest.replace(/\b(foo_(?:probe|remove|driver)|act_0)\b/g, `$1_${i}`)),
      };
    },
  },
  {
    name: 'actions that touch what ended at unbind',
    size: 1000,
    files: (n) =>
      driver(
        '',
        `${times(n, (i) => `	foo->clk_${i} = devm_clk_get(dev, "${i}");\n	if (IS_ERR(foo->clk_${i}))\n		return PTR_ERR(foo->clk_${i});\n`)}${times(n, (i) => checked(i, `drmm_add_action_or_reset(&foo->drm, last_${i}, foo)`))}`,
        {
          members: times(n, (i) => `	struct clk *clk_${i};\n`),
          above: times(
            n,
            (i) =>
              `static void last_${i}(struct drm_device *drm, void *data)\n{\n	struct foo *foo = data;\n\n	clk_disable_unprepare(foo->clk_${i});\n	clk_disable_unprepare(foo->clk_${(i * 7) % n});\n}\n`,
          ),
        },
      ),
  },
];
