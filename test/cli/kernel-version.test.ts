/** Drivers that build on several kernels: which branches count, and who says it. */
import assert from 'node:assert/strict';
import { run, TemporaryFolder } from './support.ts';

const driver = `#include <linux/version.h>

static void foo_fini(void *data)
{
	foo_off(data);
}

static int foo_probe(struct platform_device *pdev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
	devm_add_action(&pdev->dev, foo_fini, pdev);
#endif
	return clk_prepare_enable(foo_clk);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int foo_remove(struct platform_device *pdev)
#else
static void foo_remove(struct platform_device *pdev)
#endif
{
	clk_disable_unprepare(foo_clk);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	return 0;
#endif
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static void foo_late(struct platform_device *pdev)
{
	clk_disable_unprepare(foo_clk);
}
#endif

static struct platform_driver foo_driver = {
	.probe = foo_probe,
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	.remove = foo_late,
#else
	.remove = foo_remove,
#endif
};
`;

describe('cli: the kernel that sources are for', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write({ Makefile: 'obj-m += foo.o\n', 'foo.c': driver });
  });
  afterEach(() => folder.remove());

  const lines = async (...args: string[]): Promise<number[]> => {
    const { out } = await run(['check', '--format', 'json', ...args], folder.path);
    const { findings } = JSON.parse(out) as { findings: { line: number }[] };
    return findings.map(({ line }) => line);
  };
  const removedBy = async (...args: string[]): Promise<string[]> => {
    const { out } = await run(['order', '--timeline', 'unbind', ...args], folder.path);
    return [...out.matchAll(/remove {3}(foo_\w+)/g)].map(([, name = '']) => name);
  };

  it('is any until something says it, and then what it compiles counts', async () => {
    assert.deepEqual(await lines(), [11]);
    assert.deepEqual(await lines('--kernel-version', '5.15.3'), [11]);
    assert.deepEqual(await lines('--kernel-version', '6.1'), []);
    assert.deepEqual(await removedBy('--kernel-version', '6.10'), ['foo_late']);
    assert.deepEqual(await removedBy('--kernel-version', '6.12'), ['foo_remove']);
  });

  it('is what the configuration says, and the command line before it', async () => {
    folder.write({ '.driver-teardown.json': '{"kernelVersion": "6.1"}' });
    assert.deepEqual(await lines(), []);
    assert.deepEqual(await lines('--kernel-version', '5.15'), [11]);
    folder.write({ '.driver-teardown.json': '{"kernelVersion": "5.15"}' });
    assert.deepEqual(await lines(), [11]);
  });

  it('is what the Makefile of a kernel tree says', async () => {
    const top = (version: string) => ({
      Kbuild: '',
      MAINTAINERS: '',
      Makefile: version,
      'drivers/foo/Makefile': 'obj-m += foo.o\n',
      'drivers/foo/foo.c': driver,
    });
    folder.write(top('VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n'));
    assert.deepEqual(await lines('drivers/foo'), []);
    assert.deepEqual(await lines('--kernel-version', '5.4', 'drivers/foo'), [11]);
    folder.write(top('VERSION = 5\nPATCHLEVEL = 15\n'));
    assert.deepEqual(await lines('drivers/foo'), [11]);
  });
});
