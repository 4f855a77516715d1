/** What a constant argument decides in the function that gets it, as the order shows it. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const common = `static void foo_clk_off(void *data) { }
static void foo_irq_off(void *data) { }

static int foo_add(struct device *dev, void (*fn)(void *))
{
	return devm_add_action_or_reset(dev, fn, dev);
}
`;
const table = `static struct platform_driver foo_driver = { .probe = foo_probe };
`;

describe('the order and constant arguments', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  /** The actions that unbind runs, for a probe and what it calls. */
  const unbind = (text: string): string[] => {
    const { report, order } = engine.analyze(new Map([['a.c', common + text + table]]));
    assert.deepEqual(report.problems, []);
    const [entry] = order().entries;
    const steps = entry?.timelines.unbind ?? [];
    return steps.map(({ action }) => action).filter((action) => /^foo_\w+_off/.test(action));
  };

  const setup = `static int foo_setup(struct device *dev, enum foo_what what)
{
	switch (what) {
	case FOO_CLK:
		return foo_add(dev, foo_clk_off);
	case FOO_IRQ:
		return foo_add(dev, foo_irq_off);
	}
	return 0;
}
`;
  const probe = (what: string) => `static int foo_probe(struct platform_device *pdev)
{
	return foo_through(&pdev->dev, ${what});
}
`;
  const through = `static int foo_through(struct device *dev, enum foo_what what)
{
	return foo_setup(dev, what);
}
`;

  it('an enumerator chooses the case, also through a function that hands it on', () => {
    assert.deepEqual(unbind(setup + through + probe('FOO_CLK')), ['foo_clk_off']);
    assert.deepEqual(unbind(setup + through + probe('FOO_IRQ')), ['foo_irq_off']);
    assert.deepEqual(unbind(setup + through + probe('pdev->what')), ['foo_irq_off', 'foo_clk_off']);
    const changed = through.replace('\treturn', '\tif (dev->old)\n\t\twhat = FOO_IRQ;\n\treturn');
    assert.deepEqual(unbind(setup + changed + probe('FOO_CLK')), ['foo_irq_off', 'foo_clk_off']);
  });

  it('a word that a variable of the function has is no constant', () => {
    const own = `static int foo_through(struct device *dev, enum foo_what what)
{
	enum foo_what FOO_CLK = what;

	return foo_setup(dev, FOO_CLK);
}
`;
    assert.deepEqual(unbind(setup + own + probe('FOO_CLK')), ['foo_irq_off', 'foo_clk_off']);
  });

  it('functions that call each other end, and what all their turns do is there', () => {
    const mutual = (second: string) => `static int foo_even(struct device *dev, int n);

static int foo_odd(struct device *dev, int n)
{
	if (n == 1)
		foo_add(dev, foo_irq_off);
	return foo_even(dev, ${second});
}

static int foo_even(struct device *dev, int n)
{
	if (n == 0)
		return foo_add(dev, foo_clk_off);
	return foo_odd(dev, n - 1);
}

static int foo_through(struct device *dev, int n)
{
	return foo_even(dev, n);
}
`;
    assert.deepEqual(unbind(mutual('n - 1') + probe('2')), ['foo_irq_off', 'foo_clk_off']);
  });
});
