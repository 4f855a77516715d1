/** What a fix is called, by what the edited text does: in its module, and in those that it reaches. */
import assert from 'node:assert/strict';
import { lib, treeOf } from '../support/two-modules.ts';
import { type Files, inKernelTree, run, TemporaryFolder } from './support.ts';

interface Fix {
  readonly id: string;
  readonly safety: string;
  readonly creates: readonly string[];
  readonly reason?: string;
}

interface Report {
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string;
    readonly fingerprint: string;
    readonly fixes: readonly Fix[];
  }[];
}

const header = `struct core {
	struct drm_device drm;
	struct ttm_buffer_object *ring;
};

int core_start(struct core *core);
`;

/** A driver that gives its set-up to another module. */
const core = `#include "core.h"

static void core_fini(struct drm_device *drm, void *arg)
{
	struct core *core = arg;

	ttm_bo_unpin(core->ring);
}

int core_start(struct core *core)
{
	int err = ttm_bo_pin(core->ring);

	if (err)
		return err;

	return drmm_add_action_or_reset(&core->drm, core_fini, core);
}
EXPORT_SYMBOL_GPL(core_start);

static int core_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct core *core = devm_drm_dev_alloc(&pdev->dev, &core_drm, struct core, drm);

	return IS_ERR(core) ? PTR_ERR(core) : core_start(core);
}

static struct pci_driver core_driver = {
	.probe = core_probe,
};
`;

/** @param body what its drmm action does with the other module's ring */
const satellite = (body: string): string => `#include "../core/core.h"

static void sat_fini(struct drm_device *drm, void *arg)
{
	struct core *core = arg;

	${body}
}

static int sat_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct core *core = devm_drm_dev_alloc(&pdev->dev, &sat_drm, struct core, drm);
	int err;

	if (IS_ERR(core))
		return PTR_ERR(core);

	err = core_start(core);
	if (err)
		return err;

	return drmm_add_action_or_reset(&core->drm, sat_fini, core);
}

static struct pci_driver sat_driver = {
	.probe = sat_probe,
};
`;

const two = (body: string): Files => ({
  ...inKernelTree(
    { Makefile: 'obj-m += core.o\n', 'core.c': core, 'core.h': header },
    'drivers/gpu/drm/core',
  ),
  ...inKernelTree(
    { Makefile: 'obj-m += sat.o\n', 'sat.c': satellite(body) },
    'drivers/gpu/drm/sat',
  ),
});

describe('cli: judged fixes', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  const report = async (files: Files, path: string): Promise<Report['findings']> => {
    folder.write(files);
    const { out, err } = await run(['check', path, '--format', 'json'], folder.path);
    assert.equal(err, '');
    return (JSON.parse(out) as Report).findings;
  };
  const conversionOf = (findings: Report['findings']): Fix | undefined =>
    findings
      .find(({ rule }) => rule === 'drmm-releases-pinned-bo')
      ?.fixes.find(({ id }) => id === 'to-devm');

  it('a finding that comes in a module that calls this one counts', async () => {
    const broken = conversionOf(await report(two('sat_dump(core->ring);'), 'drivers/gpu/drm/core'));
    assert.equal(broken?.safety, 'manual');
    assert.equal(broken?.creates.length, 1);
    const { out } = await run(['fix', 'drivers/gpu/drm/core', '--diff'], folder.path);
    assert.equal(out, '');
  });

  it('a module that calls this one and stays as it is does not', async () => {
    const clean = conversionOf(await report(two('sat_forget(core);'), 'drivers/gpu/drm/core'));
    assert.deepEqual([clean?.safety, clean?.creates], ['safe', []]);
  });

  it('the text report calls nothing safe that it has not tried', async () => {
    folder.write(two('sat_dump(core->ring);'));
    const { out } = await run(['check', 'drivers/gpu/drm/core'], folder.path);
    assert.match(out, /no fix: Convert .*: it would leave the module no better: it creates 1: /);
  });

  it('a module with no driver of its own gets no fix, and the reason', async () => {
    const fix = conversionOf(await report(treeOf(lib), 'drivers/gpu/drm/lib'));
    assert.equal(fix?.safety, 'manual');
    assert.match(fix?.reason ?? '', /no driver of its own/);
    folder.write({
      'drivers/gpu/drm/lib/lib.c': `${lib}\n${core.slice(core.indexOf('static int core_probe')).replaceAll('core', 'lib')}`,
    });
    const { out } = await run(['check', 'drivers/gpu/drm/lib', '--format', 'json'], folder.path);
    assert.equal(conversionOf((JSON.parse(out) as Report).findings)?.safety, 'safe');
  });
});
