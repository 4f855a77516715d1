/** Hovers over stdio: on registrations, callbacks, managed APIs and entries; silence elsewhere. */
import assert from 'node:assert/strict';
import type { Hover } from 'vscode-languageserver-protocol/node';
import {
  type Annotated,
  annotatedDriver,
  annotating,
  driver,
  folderName,
  header,
  markupOf,
  positionOf,
  ring,
} from './annotated.ts';
import { old } from './client.ts';

describe('lsp hover', () => {
  let at: Annotated;
  beforeEach(() => {
    at = annotatedDriver();
  });
  afterEach(() => {
    at.client.kill();
    at.folder.remove();
  });

  const hover = (
    uri: string,
    text: string,
    part: string,
    offset = 2,
    nth = 1,
  ): Promise<Hover | null> =>
    at.client.request('textDocument/hover', {
      textDocument: { uri },
      position: positionOf(text, part, offset, nth),
    });
  const wordsOf = (found: Hover | null): string => markupOf(found?.contents).value;

  it('explains a registration: scope, when, way, finding, partner and documentation', async () => {
    await at.client.start(annotating);
    await at.client.open(at.ring, ring);
    const found = await hover(at.ring, ring, 'drmm_add_action_or_reset');
    const text = wordsOf(found);
    assert.match(
      text,
      /^\*\*drmm\*\* `drmm_add_action_or_reset\(\)` registers an action that runs at the last drm_dev_put\(\)/,
    );
    assert.match(text, /when registering fails, it runs at once/);
    assert.match(text, /Runs `toy_ring_fini\(ring\)`/);
    assert.match(text, /Reached from 2 entries/);
    assert.match(text, /`toy_probe`: step 4 of 5, at the last put/);
    assert.match(text, /reached by `toy_probe` → `toy_ring_init`/);
    assert.match(text, /\*\*error\*\* `drmm-releases-pinned-bo`: /);
    assert.match(text, /In devm: `devm_add_action_or_reset\(\)`/);
    assert.match(
      text,
      /\[Kernel documentation\]\(https:\/\/docs\.kernel\.org\/gpu\/drm-internals\.html#managed-resources\)/,
    );
    const start = positionOf(ring, 'drmm_add_action_or_reset');
    const end = { ...start, character: start.character + 'drmm_add_action_or_reset'.length };
    assert.deepEqual(found?.range, { start, end });
  });

  it('explains a callback where it is defined and where it is used', async () => {
    await at.client.start(annotating);
    await at.client.open(at.ring, ring);
    await at.client.open(at.drv, driver);
    const defined = wordsOf(await hover(at.ring, ring, 'toy_ring_fini'));
    assert.match(defined, /^`toy_ring_fini\(\)`: drmm action, runs at the last drm_dev_put\(\)/);
    assert.match(defined, /Registered in `toy_ring_init`/);
    assert.match(defined, /\*\*error\*\* `drmm-releases-pinned-bo`/);
    assert.equal(wordsOf(await hover(at.ring, ring, 'toy_ring_fini, ring')), defined);
    const stop = wordsOf(await hover(at.drv, driver, 'toy_stop, toy'));
    assert.match(stop, /^`toy_stop\(\)`: devm action, runs at unbind/);
  });

  it('explains what is registered through a wrapper', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    const text = wordsOf(await hover(at.drv, driver, 'toy_on_unbind(toy, toy_stop'));
    assert.match(
      text,
      /^\*\*devm\*\* `toy_on_unbind\(\)` registers an action .* through `devm_add_action_or_reset\(\)`/,
    );
    // Inside of the wrapper the API is explained, without a position.
    const inner = wordsOf(await hover(at.drv, driver, 'devm_add_action_or_reset(toy'));
    assert.match(inner, /^\*\*devm\*\* `devm_add_action_or_reset\(\)`/);
    assert.doesNotMatch(inner, /toy_probe/);
    assert.match(inner, /In drmm: `drmm_add_action_or_reset\(\)`/);
  });

  it('explains entries, in their table too, and allocations', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    await at.client.open(at.ring, ring);
    const entry = wordsOf(await hover(at.drv, driver, 'toy_probe(struct'));
    assert.match(entry, /^`toy_probe\(\)` of `pci_driver` takes 2 devm, 2 drmm\./);
    assert.equal(wordsOf(await hover(at.drv, driver, '.probe = toy_probe', 10)), entry);
    const memory = wordsOf(await hover(at.ring, ring, 'drmm_kzalloc'));
    assert.match(memory, /allocates memory that is freed at the last drm_dev_put\(\)/);
    assert.match(memory, /In devm: `devm_kzalloc\(\)`/);
  });

  it('is plain text for clients that know no Markdown', async () => {
    await at.client.start(old);
    await at.client.open(at.ring, ring);
    const found = await hover(at.ring, ring, 'drmm_add_action_or_reset');
    assert.equal(markupOf(found?.contents).kind, 'plaintext');
    assert.match(wordsOf(found), /^drmm drmm_add_action_or_reset\(\) registers/);
    assert.match(wordsOf(found), /Kernel documentation: https:/);
  });

  it('follows unsaved text', async () => {
    await at.client.start(annotating);
    await at.client.open(at.ring, ring);
    const edited = `/* 😀 */\n\n${ring.replaceAll('toy_ring_fini', 'toy_ring_end')}`;
    await at.client.change(at.ring, 2, [{ text: edited }]);
    const text = wordsOf(await hover(at.ring, edited, 'toy_ring_end'));
    assert.match(text, /^`toy_ring_end\(\)`: drmm action/);
  });

  it('says nothing of what it knows nothing about', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    await at.client.open(at.ring, ring);
    for (const [uri, text, part, nth] of [
      [at.drv, driver, 'devm_add_action_or_reset in a comment', 1],
      [at.drv, driver, 'struct toy_device', 1],
      [at.drv, driver, 'toy_write', 1],
      [at.drv, driver, 'IS_ERR', 1],
      [at.drv, driver, 'toy_ring_init', 1],
      [at.ring, ring, 'err', 1],
    ] as const)
      assert.equal(await hover(uri, text, part, 2, nth), null, part);
    const stray = at.client.uri(`${folderName}/stray.c`);
    await at.client.open(stray, driver);
    assert.equal(await hover(at.client.uri('none.c'), driver, 'toy_probe'), null);
    const toyHeader = at.client.uri(`${folderName}/toy.h`);
    await at.client.open(toyHeader, header);
    assert.equal(await hover(toyHeader, header, 'toy_ring_init'), null);
    const past = { line: 5000, character: 3 };
    const params = { textDocument: { uri: at.drv }, position: past };
    assert.equal(await at.client.request('textDocument/hover', params), null);
  });
});
