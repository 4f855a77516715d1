/** `order` for people: a driver's timelines on a page or two, with the driver's own names. */
import assert from 'node:assert/strict';
import { run, TemporaryFolder } from './support.ts';

/** A helper registers the same action for whoever asks it; one caller hands it an address. */
const code = `#include <linux/pci.h>

struct toy { struct drm_device drm; void *a; void *b; void *c; void *d; };

static void toy_bo_fini(void *bo)
{
	toy_put(bo);
}

static struct toy_bo *toy_bo(struct device *dev)
{
	struct toy_bo *bo = toy_take(dev);
	int err;

	err = devm_add_action_or_reset(dev, toy_bo_fini, bo);
	if (err)
		return NULL;

	return bo;
}

static int toy_again(struct device *dev, void **place)
{
	struct toy_bo *bo = toy_bo(dev);

	if (!bo)
		return -ENOMEM;

	*place = bo;

	return 0;
}

static void toy_last(struct drm_device *drm, void *arg)
{
}

static int toy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct toy *toy;
	struct toy_bo *bo;
	int err;

	toy = devm_drm_dev_alloc(&pdev->dev, &toy_driver, struct toy, drm);
	if (IS_ERR(toy))
		return PTR_ERR(toy);

	toy->a = toy_bo(&pdev->dev);
	if (!toy->a)
		return -ENOMEM;

	bo = toy_bo(&pdev->dev);
	if (!bo)
		return -ENOMEM;

	toy->b = bo;

	err = toy_again(&pdev->dev, &toy->c);
	if (err)
		return err;

	err = drmm_add_action_or_reset(&toy->drm, toy_last, toy);
	if (err)
		return err;

	toy->d = toy_bo(&pdev->dev);
	if (!toy->d)
		return -ENOMEM;

	return 0;
}

static void toy_remove(struct pci_dev *pdev)
{
}

static struct pci_driver toy_pci_driver = {
	.name = "toy",
	.probe = toy_probe,
	.remove = toy_remove,
};
`;

/** A watchdog: no drm_device, whose file would keep anything alive. */
const watchdog = `#include <linux/platform_device.h>
#include <linux/watchdog.h>

struct dog { struct watchdog_device wdd; };

static int dog_probe(struct platform_device *pdev)
{
	struct dog *dog;

	dog = devm_kzalloc(&pdev->dev, sizeof(*dog), GFP_KERNEL);
	if (!dog)
		return -ENOMEM;

	return devm_watchdog_register_device(&pdev->dev, &dog->wdd);
}

static struct platform_driver dog_driver = {
	.probe = dog_probe,
};
`;

describe('cli: order as text', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = new TemporaryFolder().write({ 'toy.c': code });
  });
  after(() => folder.remove());

  const order = async (...args: string[]): Promise<string> =>
    (await run(['order', ...args], folder.path)).out
      .replace(/ +toy\.c:\S+ in /g, ' @ ')
      .replace(/^module \S+/, 'module NAME');

  it('folds equal runs, numbers a timeline once, and names what is released as the driver does', async () => {
    assert.equal(
      await order('--timeline', 'unbind'),
      `module NAME

toy_probe (pci_driver)  toy.c:38:12
  note: \`toy_remove\` does not call drm_dev_unplug(): drm_dev_enter() goes on to succeed
  unbind: 7 steps
      1 remove   toy_remove  function  toy.c:80:12
    2-5 devm     4 × toy_bo_fini  action: toy->d, toy->c, toy->b, toy->a
      6 last-put devm_drm_dev_alloc  drm-device: a reference to the drm_device @ toy_probe
      7 drmm     toy_last(toy)  action @ toy_probe
`,
    );
  });

  it('a line for each failure of probe; the steps of one when it is named', async () => {
    const text = await order();
    assert.match(
      text,
      /\n {2}probe fails: 6 places \(--timeline probe-fail:N shows the steps of one\)\n {6}1 after devm_drm_dev_alloc: 1 last-put\n {6}2 after toy_bo_fini: 1 devm, 1 last-put\n/,
    );
    const one = await order('--timeline', 'probe-fail:2');
    assert.match(
      one,
      /\n {2}probe fails after toy_bo_fini: 2 steps\n {6}1 devm +toy_bo_fini\(toy->a\)/,
    );
    assert.doesNotMatch(one, /places|unbind/);
  });

  it('--all: every step of everything', async () => {
    const text = await order('--all');
    assert.doesNotMatch(text, /×|places/);
    assert.match(text, /\n {6}2 devm +toy_bo_fini\(toy->d\)/);
    assert.equal(text.match(/^ {2}probe fails .*: \d+ steps?$/gm)?.length, 11);
  });

  it('json says it too', async () => {
    const { entries } = JSON.parse(await order('--format', 'json')) as {
      entries: { timelines: { unbind: { keptAs?: string; argument: string | null }[] } }[];
    };
    const steps = entries[0]?.timelines.unbind ?? [];
    assert.deepEqual(
      steps.flatMap(({ keptAs, argument }) => (keptAs ? [[keptAs, argument]] : [])),
      ['toy->d', 'toy->c', 'toy->b', 'toy->a'].map((name) => [name, 'bo']),
    );
  });

  it('a module without a drm_device has no unplug with an open file, unless it is asked for', async () => {
    const other = new TemporaryFolder().write({ 'dog.c': watchdog });
    try {
      const ask = async (...args: string[]) => (await run(['order', ...args], other.path)).out;
      const text = await ask();
      assert.match(
        text,
        / {2}unbind: 3 steps\n +1 devm +devm_watchdog_register_device {2}watchdog /,
      );
      assert.doesNotMatch(text, /unplug|last.put|drm/);
      const { entries } = JSON.parse(await ask('--format', 'json')) as {
        entries: { timelines: object }[];
      };
      assert.deepEqual(Object.keys(entries[0]?.timelines ?? {}), ['unbind', 'probe-fail']);
      assert.match(
        await ask('--timeline', 'unplug-open'),
        / {2}unplug with an open file: 3 steps\n/,
      );
    } finally {
      other.remove();
    }
  });
});
