/** What a report says of a module as a whole. */
import assert from 'node:assert/strict';
import { loadEngine } from '../support/engine.ts';

describe('the summary of a module', () => {
  it('counts what is registered, in its sources, each place once', async () => {
    const engine = await loadEngine();
    const text = `#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int foo_probe(struct platform_device *pdev, int old)
#else
static int foo_probe(struct platform_device *pdev)
#endif
{
	void *p = devm_kzalloc(&pdev->dev, 4, GFP_KERNEL);

	devm_kfree(&pdev->dev, p);
	devm_release_action(&pdev->dev, foo_fini, p);
	return drmm_add_action_or_reset(drm, foo_fini, p);
}
`;
    const header = 'static inline void f(struct device *d) { devm_kzalloc(d, 4, 0); }\n';
    const { report } = engine.analyze(
      new Map([
        ['foo.c', text],
        ['foo.h', header],
      ]),
    );
    assert.deepEqual(report.module, {
      name: 'test',
      files: 1,
      parsedWithErrors: 0,
      actions: { devm: 1, drmm: 1 },
    });
  });
});
