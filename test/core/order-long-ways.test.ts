/** The end of a long way in: what is walked of it is spent on what can tell something. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const table = `static struct platform_driver foo_driver = { .probe = foo_probe };
`;

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

describe('the order of a long way in', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const orderOf = (text: string) => {
    const [entry] = engine.analyze(new Map([['a.c', text + table]])).order().entries;
    assert.ok(entry);
    return entry;
  };

  it('has its end, however often something that only gives back is come to before', () => {
    const entry = orderOf(`static void foo_off(void *data) { }

static void foo_halt(struct foo *foo)
{
	devres_release_group(foo->dev, NULL);
	platform_device_unregister(foo->child);
}

static int foo_send(struct foo *foo, int what)
{
	if (foo_wait(foo, what))
		foo_halt(foo);
	return 0;
}

${times(20, (at) => `static void foo_set_${at}(struct foo *foo)\n{\n${times(20, (what) => `\tfoo_send(foo, foo->what[${what}]);`)}\n}\n`)}
static void foo_set(struct foo *foo)
{
${times(20, (at) => `\tfoo_set_${at}(foo);`)}
}

static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

${times(10, () => '\tfoo_set(foo);')}
	return devm_add_action_or_reset(&pdev->dev, foo_off, foo);
}
`);
    assert.deepEqual(
      entry.acquired.map(({ action }) => action),
      ['foo_off'],
    );
    assert.deepEqual(entry.notes ?? [], []);
  });

  it('does not count the calls that can tell nothing', () => {
    const entry = orderOf(`static void foo_part_off(void *data) { }
static void foo_off(void *data) { }

static int foo_part(struct foo *foo)
{
${times(400, (at) => `\twritel(${at}, foo->base);`)}
	return devm_add_action_or_reset(foo->dev, foo_part_off, foo);
}

static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

${times(80, () => '\tif (foo_part(foo))\n\t\treturn -ENODEV;')}
	return devm_add_action_or_reset(&pdev->dev, foo_off, foo);
}
`);
    assert.equal(entry.acquired.length, 81);
    assert.equal(entry.acquired.at(-1)?.action, 'foo_off');
    assert.deepEqual(entry.notes ?? [], []);
  });
});
