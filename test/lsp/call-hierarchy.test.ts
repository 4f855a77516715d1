/** Call hierarchy over stdio: callees in order with what they register, callers over tables too. */
import assert from 'node:assert/strict';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from 'vscode-languageserver-protocol/node';
import {
  type Annotated,
  annotatedDriver,
  annotating,
  driver,
  positionOf,
  ring,
} from './annotated.ts';

describe('lsp call hierarchy', () => {
  let at: Annotated;
  beforeEach(() => {
    at = annotatedDriver();
  });
  afterEach(() => {
    at.client.kill();
    at.folder.remove();
  });

  const prepare = async (uri: string, text: string, part: string): Promise<CallHierarchyItem> => {
    const items = await at.client.request<CallHierarchyItem[] | null>(
      'textDocument/prepareCallHierarchy',
      { textDocument: { uri }, position: positionOf(text, part, 2) },
    );
    assert.equal(items?.length, 1, part);
    return items?.[0] as CallHierarchyItem;
  };
  const outgoing = (item: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> =>
    at.client.request('callHierarchy/outgoingCalls', { item });
  const incoming = (item: CallHierarchyItem): Promise<CallHierarchyIncomingCall[]> =>
    at.client.request('callHierarchy/incomingCalls', { item });

  it('lists what probe calls, in order, with what it registers', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    const item = await prepare(at.drv, driver, 'toy_probe(');
    assert.deepEqual(
      (await outgoing(item)).map(({ to: { name, detail } }) => [name, detail]),
      [
        ['devm_drm_dev_alloc', 'devm drm-device, unbind 3/5'],
        ['toy_stop', 'devm action, unbind 2/5'],
        ['toy_ring_init', 'takes 0 devm, 2 drmm'],
      ],
    );
    const init = (await outgoing(item))[2]?.to as CallHierarchyItem;
    assert.equal(init.uri, at.ring);
    // The callee's file is not open: the module of the first document answers.
    assert.deepEqual(
      (await outgoing(init)).map(({ to: { name, detail } }) => [name, detail]),
      [
        ['drmm_kzalloc', 'drmm memory, last put 5/5'],
        ['toy_ring_fini', 'drmm action, last put 4/5'],
      ],
    );
  });

  it('lists callers, registrations and tables', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    await at.client.open(at.ring, ring);
    const fini = await incoming(await prepare(at.ring, ring, 'toy_ring_fini'));
    assert.deepEqual(
      fini.map(({ from: { name, detail } }) => [name, detail]),
      [
        ['toy_ring_init', 'registers it: drmm action, last put 4/5'],
        ['toy_never_called', 'registers it: drmm action'],
      ],
    );
    const init = await incoming(await prepare(at.ring, ring, 'toy_ring_init'));
    assert.deepEqual(init.map(({ from }) => from.name).sort(), ['toy_aux_probe', 'toy_probe']);
    const probe = await incoming(await prepare(at.drv, driver, 'toy_probe('));
    assert.deepEqual(
      probe.map(({ from: { name, detail } }) => [name, detail]),
      [['toy_pci_driver.probe', 'struct pci_driver']],
    );
    const table = probe[0]?.from as CallHierarchyItem;
    assert.equal(await incoming(table), null);
    assert.equal(await outgoing(table), null);
  });

  it('finds the function again after edits, and nothing when it is gone', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    const item = await prepare(at.drv, driver, 'toy_probe(');
    await at.client.change(at.drv, 2, [{ text: `\n\n${driver}` }]);
    const [, stop] = await outgoing(item);
    assert.deepEqual(
      stop?.fromRanges[0]?.start,
      positionOf(`\n\n${driver}`, 'toy_on_unbind(toy, toy_stop'),
    );
    await at.client.change(at.drv, 3, [{ text: driver.replaceAll('toy_probe', 'toy_start') }]);
    assert.equal(await outgoing(item), null);
    const elsewhere = { textDocument: { uri: at.drv }, position: { line: 3, character: 5 } };
    assert.equal(await at.client.request('textDocument/prepareCallHierarchy', elsewhere), null);
  });

  it('is left to others when the client asks for that', async () => {
    await at.client.start(annotating, { callHierarchy: false });
    assert.equal(at.client.initialized?.capabilities.callHierarchyProvider, undefined);
  });
});
