/** `order --log`: a kernel's log beside the prediction, and logs that are none. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, TemporaryFolder } from './support.ts';

const recordings = join(import.meta.dirname, '../kernel/recordings');

interface Comparison {
  readonly version: number;
  readonly entry: string;
  readonly timeline: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly steps: readonly {
    readonly state: string;
    readonly action: string;
    readonly logged: { readonly line: number } | null;
  }[];
}

describe('cli: order --log', () => {
  let folder: TemporaryFolder;
  before(() => {
    const copy = (name: string) => readFileSync(join(recordings, 'simple', name), 'utf8');
    folder = new TemporaryFolder().write({
      'simple.c': copy('simple.c'),
      Makefile: 'obj-m += simple.o\n',
      'open.log': copy('unplug-open.log'),
      'short.log': copy('unbind.log')
        .split('\n')
        .filter((line) => !/REL.*simple_power_off/.test(line))
        .join('\n'),
      'empty.log': '',
      'other.log': 'usb 1-1: new device\n',
      'binary.log': Buffer.from([0, 255, 10, 254, 0, 10]),
    });
  });
  after(() => folder.remove());

  it('says that all ran as predicted, and on which timeline', async () => {
    const { code, out } = await run(['order', 'simple.c', '--log', 'open.log'], folder.path);
    assert.equal(code, 0);
    assert.match(out, /simple_probe: unplug with an open file of recorded-simple\.0/);
    assert.match(out, /7 steps ran as predicted, 0 out of order, 0 never ran, 0 not predicted/);
  });

  it('marks what differs, in text and in json', async () => {
    const text = await run(
      ['order', 'simple.c', '--log', 'short.log', '--timeline', 'unbind'],
      folder.path,
    );
    assert.equal(text.code, 1);
    assert.match(text.out, /NEVER RAN +devm +simple_power_off/);
    const json = await run(
      ['order', 'simple.c', '--log', 'short.log', '--timeline', 'unbind', '--format', 'json'],
      folder.path,
    );
    assert.equal(json.code, 1);
    const comparison = JSON.parse(json.out) as Comparison;
    assert.deepEqual(
      [comparison.version, comparison.entry, comparison.timeline],
      [1, 'simple_probe', 'unbind'],
    );
    assert.equal(comparison.counts['never-ran'], 1);
    assert.equal(
      comparison.steps.find((step) => step.state === 'never-ran')?.action,
      'simple_power_off',
    );
  });

  it('puts what the kernel found wrong at its step, and exits 1', async () => {
    const text = readFileSync(folder.file('open.log'), 'utf8').replace(
      /^.*REL \S+ simple_table_fini.*$/m,
      '$&\nBUG: KASAN: slab-use-after-free in simple_table_fini+0x1/0x2',
    );
    writeFileSync(folder.file('kasan.log'), text);
    const { code, out } = await run(['order', 'simple.c', '--log', 'kasan.log'], folder.path);
    assert.equal(code, 1);
    assert.match(out, /simple_table_fini .*\n +KERNEL +BUG: KASAN: slab-use-after-free/);
    assert.match(out, /, 1 told wrong by the kernel/);
  });

  for (const [log, message] of [
    ['empty.log', /^empty\.log: no DRMRES or devres_log line in 0 lines/],
    ['other.log', /^other\.log: no DRMRES/],
    ['binary.log', /^binary\.log: no DRMRES/],
    ['absent.log', /^absent\.log: no such file/],
    ['.', /^\.: is a folder/],
  ] as const) {
    it(`${log}: one clear line, exit 2`, async () => {
      const { code, out, err } = await run(['order', 'simple.c', '--log', log], folder.path);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err.replace(/^driver-teardown: /, ''), message);
    });
  }

  it('formats that cannot show it are refused', async () => {
    const { code, err } = await run(
      ['order', 'simple.c', '--log', 'open.log', '--format', 'svg'],
      folder.path,
    );
    assert.equal(code, 2);
    assert.match(err, /--log prints text, json or markdown/);
  });

  it('as Markdown it is a summary and what differs', async () => {
    const { code, out } = await run(
      ['order', 'simple.c', '--log', 'short.log', '--timeline', 'unbind', '--format', 'markdown'],
      folder.path,
    );
    assert.equal(code, 1);
    assert.match(
      out,
      /^`simple_probe`: unbind of `recorded-simple\.0`\. \d+ steps ran as predicted/m,
    );
    assert.match(out, /^- \*\*never ran\*\*: `simple_power_off`, simple\.c:\d+:\d+$/m);
    const { code: alone, err } = await run(['order', '.', '--format', 'markdown'], folder.path);
    assert.equal(alone, 2);
    assert.match(err, /markdown is for a --log/);
  });

  it('a log without a newline at its end', async () => {
    writeFileSync(folder.file('cut.log'), readFileSync(folder.file('open.log'), 'utf8').trimEnd());
    assert.equal((await run(['order', 'simple.c', '--log', 'cut.log'], folder.path)).code, 0);
  });
});
