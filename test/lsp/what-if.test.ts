/** Fixes tried out: what the titles say, the order before and after, and all safe fixes at once. */
import assert from 'node:assert/strict';
import type {
  CodeAction,
  Diagnostic,
  Range,
  TextDocumentEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type PatchResult,
  showWhatIfCommand,
  type WhatIfResult,
} from '../../server/src/lsp/protocol.ts';
import { TemporaryFolder } from '../cli/support.ts';
import { Client, modern } from './client.ts';

/** The copy engine goes at the last put, as the eviction does: in devm it goes before. */
const driver = `#include <drm/drm_managed.h>

struct baz_copy {
	struct baz_bo *ring;
	void *queue;
};

struct baz {
	struct drm_device drm;
	struct ttm_device ttm;
	struct ttm_resource_manager manager;
	struct baz_copy *copy;
};

static int baz_move(struct ttm_buffer_object *bo, bool evict)
{
	struct baz *baz = to_baz(bo->bdev);

	if (evict)
		baz_submit(baz->copy->queue);
	return 0;
}

static struct ttm_device_funcs baz_ttm_funcs = {
	.move = baz_move,
};

static void baz_vram_fini(struct drm_device *drm, void *arg)
{
	struct baz *baz = arg;

	ttm_resource_manager_evict_all(&baz->ttm, &baz->manager);
}

static void baz_copy_fini(struct drm_device *drm, void *arg)
{
	struct baz_copy *copy = arg;

	ttm_bo_unpin(copy->ring);
}

static int baz_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct baz_copy *copy;
	struct baz *baz;
	int ret;

	baz = devm_drm_dev_alloc(&pdev->dev, &baz_drm_driver, struct baz, drm);
	if (IS_ERR(baz))
		return PTR_ERR(baz);

	ret = drmm_add_action_or_reset(&baz->drm, baz_vram_fini, baz);
	if (ret)
		return ret;

	copy = drmm_kzalloc(&baz->drm, sizeof(*copy), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	ret = ttm_bo_pin(copy->ring);
	if (ret)
		return ret;

	baz->copy = copy;
	return drmm_add_action_or_reset(&baz->drm, baz_copy_fini, copy);
}

static void baz_remove(struct pci_dev *pdev)
{
	struct baz *baz = pci_get_drvdata(pdev);

	drm_dev_unplug(&baz->drm);
}

static struct pci_driver baz_pci_driver = {
	.probe = baz_probe,
	.remove = baz_remove,
};
`;

describe('lsp: what a fix would do', () => {
  let folder: TemporaryFolder;
  let client: Client;
  let uri: string;
  before(async () => {
    folder = new TemporaryFolder().write({ 'baz.c': driver, Makefile: 'obj-m += baz.o\n' });
    client = new Client(folder);
    await client.start(modern, { clientCommands: [showWhatIfCommand] });
    uri = client.uri('baz.c');
    await client.open(uri, driver);
  });
  after(() => {
    client.kill();
    folder.remove();
  });

  const findings = async (): Promise<Diagnostic[]> => {
    const report = await client.request<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return report.items;
  };
  const pinned = async (): Promise<Diagnostic> => {
    const found = (await findings()).find(({ code }) => code === 'drmm-releases-pinned-bo');
    assert.ok(found);
    return found;
  };
  const actions = (
    range: Range,
    diagnostics: Diagnostic[],
    only?: string[],
  ): Promise<CodeAction[]> =>
    client.request('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only === undefined ? {} : { only }) },
    });

  it('says in the title what goes and what comes', async () => {
    const finding = await pinned();
    const titles = (await actions(finding.range, [finding])).map(({ title }) => title);
    const all = titles.find((title) =>
      title.startsWith('Convert to device-managed (devm): action, memory'),
    );
    assert.match(all ?? '', /\(removes 1, creates 1: `baz_vram_fini` evicts/);
    assert.ok(titles.some((title) => title.startsWith('Show the teardown order before and after')));
  });

  it('gives the order before and after, and leaves the text alone', async () => {
    const finding = await pinned();
    const { fingerprint } = finding.data as { fingerprint: string };
    const result = await client.request<WhatIfResult>('driverTeardown/whatIf', {
      uri,
      fingerprint,
      fix: 'to-devm',
    });
    assert.deepEqual([result.removes.length, result.creates.length], [1, 1]);
    const phaseOf = ({ entries }: WhatIfResult['before']): string | undefined =>
      entries[0]?.timelines[1]?.steps.find(({ action }) => action === 'baz_copy_fini')?.phase;
    assert.deepEqual([phaseOf(result.before), phaseOf(result.after)], ['drmm', 'devm']);
    assert.equal((await pinned()).message, finding.message);
  });

  it('writes a fix as a patch to mail', async () => {
    const finding = await pinned();
    const { fingerprint } = finding.data as { fingerprint: string };
    const params = { uri, fingerprint, fix: 'to-devm-keep-memory' };
    const { name, content, note } = await client.request<PatchResult>(
      'driverTeardown/patch',
      params,
    );
    const text = Buffer.from(content, 'base64').toString();
    assert.match(name, /^0001-.*\.patch$/);
    assert.match(text, /^Subject: \[PATCH\] /m);
    assert.match(
      text,
      /^\+\treturn devm_add_action_or_reset\(baz->drm\.dev, baz_copy_fini, copy\);$/m,
    );
    assert.match(note ?? '', /no Fixes: tag/);
  });

  it('answers null when the fix is gone', async () => {
    const params = { uri, fingerprint: '0000000000000000', fix: 'to-devm' };
    assert.equal(await client.request('driverTeardown/whatIf', params), null);
  });

  it('applies all safe fixes, after which none is left to apply', async () => {
    const start = { line: 0, character: 0 };
    const ask = (): Promise<CodeAction[]> =>
      actions({ start, end: start }, [], ['source.fixAll.driverTeardown']);
    const [action] = await ask();
    assert.equal(action?.kind, 'source.fixAll.driverTeardown');
    const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
    assert.equal(change?.textDocument.version, 1);
    const document = TextDocument.create(uri, 'c', 1, driver);
    const fixed = TextDocument.applyEdits(document, (change?.edits ?? []) as never);
    assert.match(fixed, /devm_add_action_or_reset\(baz->drm\.dev, baz_copy_fini, copy\)/);
    await client.change(uri, 2, [{ text: fixed }]);
    assert.ok(!(await findings()).some(({ code }) => code === 'drmm-releases-pinned-bo'));
    assert.deepEqual(await ask(), []);
    await client.change(uri, 3, [{ text: driver }]);
  });
});
