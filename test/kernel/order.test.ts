/**
 * Golden orders of drivers of linux 6.12: what unbind runs with no file open, by phase, function and
 * action. Each list was checked by reading the driver's source from the entry down, call by call, and
 * remove() two calls deep. Beside that, a search of each folder for calls of managed APIs was held
 * against what the model's entries take: all are there but xe's and msm's debugfs files, what xe takes
 * at run time (wedging, guc_submit's ban), and vc4's mock tests. Of msm's aggregate only what its own
 * init functions take is shown, for its three display controllers exclude each other; of the aggregates
 * of vc4 and msm the components' steps are left out, as vc4's stand in lists of their own.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryOrder, ModuleOrder, TeardownStep } from '../../server/src/core/result.ts';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { skip } from '../skip.ts';
import { kernelTree } from './trees.ts';

interface Golden {
  readonly name: string;
  /** A file of the module. */
  readonly file: string;
  readonly entries: readonly string[];
  /** How far below the entry managed registrations are shown. */
  readonly managedDepth?: number;
}

const goldens: readonly Golden[] = [
  { name: 'udl', file: 'drivers/gpu/drm/udl/udl_drv.c', entries: ['udl_usb_probe'] },
  { name: 'simpledrm', file: 'drivers/gpu/drm/tiny/simpledrm.c', entries: ['simpledrm_probe'] },
  { name: 'panthor', file: 'drivers/gpu/drm/panthor/panthor_drv.c', entries: ['panthor_probe'] },
  { name: 'ivpu', file: 'drivers/accel/ivpu/ivpu_drv.c', entries: ['ivpu_probe'] },
  {
    name: 'vc4',
    file: 'drivers/gpu/drm/vc4/vc4_drv.c',
    entries: [
      'vc4_drm_bind',
      'vc4_v3d_bind',
      'vc4_hvs_bind',
      'vc4_crtc_bind',
      'vc4_txp_bind',
      'vc4_dpi_bind',
      'vc4_platform_drm_probe',
    ],
  },
  {
    name: 'msm',
    file: 'drivers/gpu/drm/msm/msm_drv.c',
    entries: [
      'msm_drm_bind',
      'msm_pdev_probe',
      'msm_hdmi_dev_probe',
      'dpu_dev_probe',
      'mdss_probe',
    ],
    managedDepth: 3,
  },
  { name: 'xe', file: 'drivers/gpu/drm/xe/xe_pci.c', entries: ['xe_pci_probe'] },
];
/** Calls below remove() that are shown. */
const depth = 2;

const folder = join(import.meta.dirname, 'golden');

async function orderIn(tree: string, file: string): Promise<ModuleOrder> {
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(join(tree, file)),
    configuration: emptyConfiguration,
  });
  try {
    const [module] = project.modulesOf(file);
    assert.ok(module);
    return (await project.analyse(module)).analysis.order();
  } finally {
  }
}

/** Components run in groups of their own. */
function isOwn(entry: EntryOrder, { group }: TeardownStep): boolean {
  return group === null || group === entry.entry;
}

function lineOf({ phase, action, registered, scope }: TeardownStep): string {
  const indent = scope === null ? '  '.repeat(registered.via.length) : '';
  return `${phase.padEnd(8)} ${indent}${registered.function === '' ? '' : `${registered.function}: `}${action}`;
}

function textOf(entry: EntryOrder, managedDepth: number): string {
  const shown = entry.timelines.unbind.filter(
    (step) =>
      isOwn(entry, step) &&
      step.registered.via.length <= (step.scope === null ? depth : managedDepth),
  );
  return [`${entry.entry} (${entry.table})`, ...shown.map(lineOf), ''].join('\n');
}

describe('golden orders', function () {
  this.timeout(120_000);
  const tree = kernelTree('6.12');
  for (const { name, file, entries, managedDepth = Number.POSITIVE_INFINITY } of goldens) {
    it(name, async function (this: Mocha.Context) {
      if ('missing' in tree) return skip(this, tree.missing);
      const order = await orderIn(tree.path, file);
      const text = entries
        .map((one) =>
          textOf(
            order.entries.find(({ entry }) => entry === one) ?? assert.fail(`no entry ${one}`),
            managedDepth,
          ),
        )
        .join('\n');
      const golden = join(folder, `${name}.txt`);
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, 'utf8'));
    });
  }
});
