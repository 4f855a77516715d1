/** SARIF against its schema's essentials, and `order`, `rules`, `explain`. */
import assert from 'node:assert/strict';
import type { Log } from 'sarif';
import { inKernelTree, run, TemporaryFolder, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';

interface Step {
  phase: string;
  action: string;
  argument: string | null;
  registered: { file: string; line: number; function: string; via: string[] };
  callback: { file: string; line: number } | null;
  findings: string[];
}
interface Order {
  version: number;
  module: string;
  entries: {
    entry: string;
    timelines: {
      unbind?: Step[];
      'unplug-open'?: Step[];
      'probe-fail'?: { after: string; steps: Step[] }[];
    };
  }[];
}

describe('cli: output', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
  });
  after(() => folder.remove());

  const out = async (...args: string[]): Promise<string> => (await run(args, folder.path)).out;

  it('sarif: chain as code flow, fixes, fingerprints, rules with their pages', async () => {
    const log = JSON.parse(await out('check', toy, '--format', 'sarif')) as Log;
    assert.equal(log.version, '2.1.0');
    const [sarif] = log.runs;
    const [result] = sarif?.results ?? [];
    const rules = sarif?.tool.driver.rules ?? [];
    assert.equal(rules[result?.ruleIndex ?? -1]?.id, 'drmm-releases-pinned-bo');
    assert.equal(result?.level, 'error');
    const place = result?.locations?.[0]?.physicalLocation;
    assert.equal(place?.artifactLocation?.uri, `${toy}/toy_ring.c`);
    assert.equal(place?.region?.startLine, 20);
    assert.ok(
      sarif?.originalUriBaseIds?.[place?.artifactLocation?.uriBaseId ?? '']?.uri?.startsWith(
        'file:///',
      ),
    );
    assert.ok((result?.codeFlows?.[0]?.threadFlows[0]?.locations.length ?? 0) >= 3);
    const [change] = result?.fixes?.[0]?.artifactChanges ?? [];
    assert.ok(
      change?.replacements.every(
        ({ deletedRegion }) =>
          (deletedRegion.startLine ?? 0) > 0 && (deletedRegion.endColumn ?? 0) > 0,
      ),
    );
    assert.ok(Object.values(result?.partialFingerprints ?? {}).every((text) => text.length > 8));
  });

  it("order --format json: the contract's shape", async () => {
    const order = JSON.parse(await out('order', `${toy}/toy_ring.c`, '--format', 'json')) as Order;
    assert.deepEqual(
      [order.version, order.module, order.entries.map(({ entry }) => entry)],
      [1, 'toy', ['toy_probe']],
    );
    const timelines = order.entries[0]?.timelines;
    assert.deepEqual(Object.keys(timelines ?? {}), ['unbind', 'unplug-open', 'probe-fail']);
    const step = timelines?.['unplug-open']?.find(({ action }) => action === 'toy_ring_fini');
    assert.deepEqual(step?.registered, {
      file: `${toy}/toy_ring.c`,
      line: 20,
      function: 'toy_ring_init',
      via: step?.registered.via,
    });
    assert.deepEqual(step?.callback, { file: `${toy}/toy_ring.c`, line: 5 });
    assert.equal(step?.findings.length, 1);
  });

  it('order: --timeline and --entry choose', async () => {
    const one = JSON.parse(
      await out('order', toy, '--format', 'json', '--timeline', 'unbind'),
    ) as Order;
    assert.deepEqual(Object.keys(one.entries[0]?.timelines ?? {}), ['unbind']);
    const failure = JSON.parse(
      await out('order', toy, '--format', 'json', '--timeline', 'probe-fail:1'),
    ) as Order;
    assert.equal(failure.entries[0]?.timelines['probe-fail']?.length, 1);
    const none = await run(['order', toy, '--entry', 'nope'], folder.path);
    assert.deepEqual([none.code, none.err], [2, 'driver-teardown: no entry nope here\n']);
  });

  it('order: text, mermaid and svg name the steps', async () => {
    assert.match(
      await out('order', toy),
      /^module toy\n\ntoy_probe \(pci_driver\)[\s\S]*toy_ring_fini\(ring\)/,
    );
    assert.match(
      await out('order', toy, '--format', 'mermaid'),
      /^flowchart TD\n[\s\S]*toy_ring_fini\(ring\)/,
    );
    const svg = await out('order', toy, '--format', 'svg');
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    assert.match(svg, /toy_ring_fini\(ring\)/);
  });

  it('rules and explain', async () => {
    assert.match(await out('rules'), /^drmm-releases-pinned-bo +error +\S/m);
    const listed = JSON.parse(await out('rules', '--format', 'json')) as {
      rules: { id: string; severity: string; summary: string }[];
    };
    assert.ok(listed.rules.some(({ id }) => id === 'action-signature-mismatch'));
  });
});
