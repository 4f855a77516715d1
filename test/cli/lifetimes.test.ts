/** `order --format svg`: the picture as a file, for the timelines and entries that are asked for. */
import assert from 'node:assert/strict';
import { xmlProblem } from '../support/xml.ts';
import { inKernelTree, run, TemporaryFolder, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';

describe('order --format svg', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
  });
  after(() => folder.remove());

  async function svg(...args: string[]): Promise<string> {
    const { code, out, err } = await run(['order', toy, '--format', 'svg', ...args], folder.path);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(xmlProblem(out), null);
    return out;
  }

  const headings = (text: string): string[] =>
    [...text.matchAll(/class="subtitle"[^>]*>([^<]*?) · \d/g)].map((match) => match[1] ?? '');

  it('draws unbind with and without an open file below each other', async () => {
    const text = await svg();
    assert.deepEqual(headings(text), [
      'unbind, no file open',
      'unbind or unplug while a file is open',
    ]);
    assert.match(text, /data-file="drivers\/gpu\/drm\/toy\/toy_ring\.c" data-line="20"/);
    assert.equal(text, await svg(), 'the same bytes each time');
  });

  it('draws the timeline that is asked for', async () => {
    const late = await svg('--timeline', 'unplug-open');
    assert.deepEqual(headings(late), ['unbind or unplug while a file is open']);
    assert.match(late, /class="past"/);
    assert.doesNotMatch(await svg('--timeline', 'unbind'), /class="past"/);
    assert.deepEqual(headings(await svg('--timeline', 'probe-fail:1')), [
      'probe fails after devm_drm_dev_alloc',
    ]);
    assert.deepEqual(headings(await svg('--timeline', 'probe-fail')), [
      'probe fails after toy_ring_fini',
    ]);
  });

  it('draws the entry that is asked for, and says so when there is none', async () => {
    assert.match(await svg('--entry', 'toy_probe'), /lifetimes from toy_probe\(\)/);
    const none = new TemporaryFolder().write(
      inKernelTree({ Makefile: 'obj-y += a.o\n', 'a.c': 'int a;\n' }),
    );
    const { out } = await run(['order', toy, '--format', 'svg'], none.path);
    none.remove();
    assert.equal(xmlProblem(out), null);
    assert.match(out, /no probe or bind function/);
  });
});
