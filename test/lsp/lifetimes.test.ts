/** driverTeardown/lifetimes: a picture, where its rows lead, and why there is none. */
import assert from 'node:assert/strict';
import type { LifetimesParams, LifetimesResult } from '../../server/src/lsp/protocol.ts';
import { faulty, inKernelTree, TemporaryFolder, toyDriver } from '../cli/support.ts';
import { xmlProblem } from '../support/xml.ts';
import { Client, modern } from './client.ts';

const ring = 'drivers/gpu/drm/toy/toy_ring.c';

describe('driverTeardown/lifetimes', () => {
  let folder: TemporaryFolder;
  let client: Client;
  beforeEach(async () => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
    client = new Client(folder);
    await client.start(modern);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const opened = async (name: string, text = faulty): Promise<string> => {
    const uri = client.uri(name);
    await client.open(uri, text);
    return uri;
  };

  const ask = (
    uri: string,
    more: Partial<LifetimesParams> = {},
  ): Promise<LifetimesResult | null> => {
    const params: LifetimesParams = {
      uri,
      entry: null,
      timeline: 'unplug-open',
      failure: null,
      width: 1000,
      collapsed: null,
      findingsOnly: false,
      filter: '',
      scheme: 'host',
      ...more,
    };
    return client.request('driverTeardown/lifetimes', params);
  };

  it('draws the module of a document, and says where each row leads', async () => {
    const uri = await opened(ring);
    const result = await ask(uri);
    assert.equal(result?.module, 'toy');
    assert.deepEqual(
      result.entries.map(({ name }) => name),
      ['toy_probe'],
    );
    assert.equal(xmlProblem(result.svg ?? ''), null);
    assert.match(result.style, /var\(--picture-devm\)/);
    const [id = ''] = Object.keys(result.places).filter((key) => key.includes('toy_ring_fini'));
    assert.equal(result.places[id]?.uri, uri);
    assert.equal(result.places[id].range.start.line, 19);
    const row = result.rows.find((one) => one.id === id);
    assert.match(row?.svg ?? '', new RegExp(`data-id="${id}"`));
    assert.equal(xmlProblem(`<svg>${row?.svg}</svg>`), null);
    assert.ok((result.chains[id]?.length ?? 0) > 1, 'how it comes about');
  });

  it('draws a failure of probe, and a file that stands alone', async () => {
    const uri = await opened(ring);
    const failed = await ask(uri, { timeline: 'probe-fail', failure: 0, scheme: 'dark' });
    assert.deepEqual(failed?.failures, ['devm_drm_dev_alloc', 'toy_ring_fini']);
    assert.match(failed.svg ?? '', /<style>[^]*probe fails after devm_drm_dev_alloc/);
    const last = await ask(uri, { timeline: 'probe-fail' });
    assert.equal(last?.failure, 1);
  });

  it('tells when the picture has changed, once for each time it was asked for', async () => {
    const uri = await opened(ring);
    await ask(uri);
    await client.change(uri, 2, [
      { text: faulty.replace('toy_ring_fini, ring', 'toy_ring_fini, &ring->x') },
    ]);
    await client.until(() => client.orderChanges || undefined, 'a changed order');
    const rows = (await ask(uri))?.rows.map(({ svg }) => svg).join('') ?? '';
    assert.match(rows, /toy_ring_fini\(&amp;ring-&gt;x\)/);
  });

  it('has nothing for a document that is not open', async () => {
    assert.equal(await ask('file:///nowhere/x.c'), null);
  });

  it('says why there is nothing to draw', async () => {
    const uri = await opened('drivers/gpu/drm/lone/a.c', 'int a;\n');
    const result = await ask(uri);
    assert.equal(result?.svg, null);
    assert.match(result?.note ?? '', /\w/);
  });
});
