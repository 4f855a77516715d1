/** The picture of lifetimes: what is drawn where, what is marked, and that it is always valid XML. */
import assert from 'node:assert/strict';
import { groupsToCollapse, pictureOf, plainOptions } from '../../server/src/core/picture/layout.ts';
import type {
  Course,
  Picture,
  PictureOptions,
  StepRow,
} from '../../server/src/core/picture/picture.ts';
import { renderInteractive, renderSvg } from '../../server/src/core/picture/svg.ts';
import { escapeXml } from '../../server/src/core/picture/xml.ts';
import type { EntryOrder, Finding } from '../../server/src/core/result.ts';
import { sayFrom } from '../../server/src/core/say.ts';
import { type Engine, loadEngine } from '../support/engine.ts';
import { xmlProblem } from '../support/xml.ts';

const open: Course = { timeline: 'unplug-open', failure: 0 };
const unbind: Course = { timeline: 'unbind', failure: 0 };

const driver = `
struct foo { struct drm_device drm; struct ttm_buffer_object *bo; void *data; };
static void foo_bo_fini(struct drm_device *drm, void *arg) { struct foo *foo = arg; ttm_bo_unpin(foo->bo); }
static void foo_hw_fini(void *arg) { }
static int foo_ring_init(struct foo *foo)
{
	foo->bo = foo_bo_create();
	ttm_bo_pin(foo->bo);
	return drmm_add_action_or_reset(&foo->drm, foo_bo_fini, foo);
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	foo->data = devm_kzalloc(&pdev->dev, 16, GFP_KERNEL);
	foo_ring_init(foo);
	if (foo->data)
		for_each_engine(engine, foo) {
			int err = devm_add_action_or_reset(&pdev->dev, foo_hw_fini, foo);
			if (err)
				return err;
		}
	return drm_dev_register(&foo->drm, 0);
}
static void foo_remove(struct pci_dev *pdev) { }
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;

function stepRows({ rows }: Picture): StepRow[] {
  return rows.filter((row) => row.type === 'step');
}

/** What a row is about, whatever words the model has for it. */
function actionOf({ id }: StepRow): string {
  return id.split('/')[1] ?? id;
}

function rowOf(picture: Picture, action: string): StepRow {
  const row = stepRows(picture).find((one) => actionOf(one) === action);
  assert.ok(row, `no row ${action} in ${stepRows(picture).map((one) => one.id)}`);
  return row;
}

/** `n` registrations in functions of ten, every other of them drmm. */
function manyDriver(n: number): string {
  const functions = Math.ceil(n / 10);
  const bodies = Array.from({ length: functions }, (_, f) => {
    const calls = Array.from({ length: Math.min(10, n - f * 10) }, (_, i) =>
      i % 2 === 0
        ? `\terr = devm_add_action_or_reset(foo->drm.dev, a${f}_${i}_with_a_name_that_is_too_long_for_its_column, foo);\n\tif (err)\n\t\treturn err;`
        : `\terr = drmm_add_action_or_reset(&foo->drm, b${f}_${i}, foo);\n\tif (err)\n\t\treturn err;`,
    );
    return `static int init_${f}(struct foo *foo)\n{\n\tint err;\n${calls.join('\n')}\n\treturn 0;\n}`;
  });
  const inits = Array.from({ length: functions }, (_, f) => `\tinit_${f}(foo);`).join('\n');
  return `${bodies.join('\n')}\nstatic int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)\n{\n\tstruct foo *foo = devm_drm_dev_alloc(&pdev->dev, &d, struct foo, drm);\n${inits}\n\treturn 0;\n}\nstatic struct pci_driver foo_pci = { .probe = foo_probe };\n`;
}

describe('the picture of lifetimes', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  function read(text: string): {
    readonly entry: EntryOrder;
    readonly findings: readonly Finding[];
  } {
    const analysis = engine.analyze(new Map([['foo.c', text]]));
    const [entry] = analysis.order().entries;
    assert.ok(entry);
    return { entry, findings: analysis.report.findings };
  }

  function draw(text: string, course: Course, options: Partial<PictureOptions> = {}): Picture {
    const { entry, findings } = read(text);
    return pictureOf('foo', entry, findings, course, { ...plainOptions, ...options });
  }

  it('draws a bar from the acquisition to the release, in the order of the course', () => {
    const picture = draw(driver, open);
    assert.deepEqual(
      picture.bands.map((band) => band.kind),
      ['probe', 'use', 'remove', 'devm', 'file', 'put'],
    );
    const bars = stepRows(picture).flatMap(({ bar }) => (bar ? [bar] : []));
    for (const bar of bars) assert.ok(bar.from < bar.to);
    const devm = bars.filter((bar) => bar.look === 'devm');
    assert.ok(devm.length >= 3);
    // Taken first, given back last.
    for (const [i, bar] of devm.entries()) {
      const next = devm[i + 1];
      if (next !== undefined) assert.ok(bar.from < next.from && bar.to > next.to);
    }
    const [done, put] = picture.marks;
    assert.equal(done?.kind, 'unbind-done');
    assert.equal(put?.kind, 'last-put');
    for (const bar of bars) assert.ok(bar.look === 'devm' ? bar.to < done.x : bar.to > put.x);
  });

  it('has the last put inside devres when no file is open', () => {
    const picture = draw(driver, unbind);
    assert.deepEqual(picture.bands.map((band) => band.kind).slice(0, 5), [
      'probe',
      'use',
      'remove',
      'devm',
      'put',
    ]);
    assert.equal(picture.marks.at(-1)?.kind, 'unbind-done');
  });

  it('marks what is used past the end of the device, on the timeline where that happens', () => {
    const late = rowOf(draw(driver, open), 'foo_bo_fini');
    const done = draw(driver, open).marks[0];
    assert.equal(late.notes[0]?.rule, 'drmm-releases-pinned-bo');
    assert.deepEqual(late.notes[0].overrun, { from: done?.x, to: late.bar?.to, resource: null });
    assert.match(late.title, /foo\.c:\d+ {2}.*unpin/i);
    assert.deepEqual(rowOf(draw(driver, unbind), 'foo_bo_fini').notes, []);
  });

  it('names the resource that has ended when the chain does', () => {
    const { entry, findings } = read(driver);
    const owner = entry.acquired.find((step) => step.action === 'devm_kzalloc')!;
    const user = entry.acquired.find((step) => step.action === 'foo_bo_fini')!;
    const [finding] = findings.filter((one) => user.findings.includes(one.fingerprint));
    const chain = [
      ...finding!.chain,
      {
        role: 'allocation' as const,
        place: owner.registered.place,
        function: 'foo_probe',
        message: 'devm',
      },
    ];
    const picture = pictureOf('foo', entry, [{ ...finding!, chain }], open, plainOptions);
    const overrun = rowOf(picture, 'foo_bo_fini').notes[0]?.overrun;
    assert.equal(overrun?.resource, owner.id);
    assert.equal(overrun.from, rowOf(picture, 'devm_kzalloc').bar?.to);
    assert.match(renderSvg([picture], 'auto'), /class="link"/);
  });

  it('tells conditions, loops and moments apart', () => {
    const picture = draw(driver, open);
    const row = rowOf(picture, 'foo_hw_fini');
    assert.equal(row.bar?.conditional, true);
    assert.equal(row.repeats, true);
    assert.equal(rowOf(picture, 'foo_remove').bar, null);
    assert.deepEqual(
      picture.legend.map((item) => item.kind),
      ['devm', 'drmm', 'conditional', 'repeats', 'past'],
    );
  });

  it('draws a failure of probe with what was taken until then', () => {
    const picture = draw(driver, { timeline: 'probe-fail', failure: 1 });
    assert.deepEqual(stepRows(picture).map(actionOf), ['devm_drm_dev_alloc', 'devm_kzalloc']);
    assert.equal(picture.marks[0]?.kind, 'probe-fails');
    assert.deepEqual(picture.bands.map((band) => band.kind).slice(0, 2), ['probe', 'devm']);
    assert.equal(
      draw(driver, { timeline: 'probe-fail', failure: 99 }).subtitle.split(' · ')[0],
      'probe fails after foo_hw_fini',
    );
  });

  it('filters, shows findings only, and says why there is nothing', () => {
    assert.deepEqual(stepRows(draw(driver, open, { findingsOnly: true })).map(actionOf), [
      'foo_bo_fini',
    ]);
    assert.deepEqual(stepRows(draw(driver, open, { filter: 'HW_FINI' })).map(actionOf), [
      'foo_hw_fini',
    ]);
    assert.match(draw(driver, open, { filter: 'zzz' }).empty ?? '', /zzz/);
    assert.match(draw(driver, unbind, { findingsOnly: true }).empty ?? '', /no|Nothing/);
  });

  it('names what it draws in the language that is asked for', () => {
    const marked = { say: (text: string, ...args: readonly unknown[]) => `«${[text, ...args]}»` };
    for (const course of [open, unbind, { timeline: 'probe-fail', failure: 2 } as const]) {
      const { rows } = draw(driver, course);
      const text = renderSvg([draw(driver, course, marked)], 'auto');
      const known = rows.flatMap(({ label }) => [label]);
      const plain = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]
        .map(([, words = '']) => words)
        .filter((words) => / [a-z]{2}/.test(words) && !words.includes('«'))
        .filter((words) => !known.some((label) => escapeXml(label).startsWith(words.slice(0, -1))));
      assert.deepEqual(plain, []);
    }
    const german = { say: sayFrom({ 'last put: drmm': 'letzter Put: drmm' }) };
    assert.match(renderSvg([draw(driver, open, german)], 'auto'), />letzter Put: drmm</);
  });

  it('is the same each time, and small pictures have a known structure', () => {
    const text = renderSvg([draw(driver, open)], 'auto');
    assert.equal(text, renderSvg([draw(driver, open)], 'auto'));
    const outline = [
      ...text.matchAll(
        /<g class="row ([a-z]+)" data-id="([^"]*)"(?: data-file="([^"]*)" data-line="(\d+)")?/g,
      ),
    ].map(([, type, id, file, line]) =>
      [type, id, ...(file === undefined ? [] : [`${file}:${line}`])].join(' '),
    );
    assert.deepEqual(outline, [
      'group foo_probe#1',
      'step foo_probe/devm_drm_dev_alloc/1 foo.c:13',
      'step foo_probe/devm_kzalloc/1 foo.c:14',
      'step foo_ring_init/foo_bo_fini/1 foo.c:9',
      'step foo_probe/foo_hw_fini/1 foo.c:18',
      'group moments',
      'step remove/foo_remove foo.c:25',
    ]);
    assert.equal(xmlProblem(text), null);
    assert.match(text, /prefers-color-scheme:dark/);
    assert.doesNotMatch(renderSvg([draw(driver, open)], 'light'), /prefers-color-scheme/);
    assert.doesNotMatch(text, /var\(|<script|href=/);
  });

  it('stays readable with 160 objects: no two rows touch, labels end before the plot', () => {
    const text = manyDriver(160);
    const picture = draw(text, open);
    assert.equal(stepRows(picture).filter((row) => row.bar !== null).length, 161);
    const ys = picture.rows.map((row) => row.y);
    for (const [i, y] of ys.entries()) if (i > 0) assert.ok(y - (ys[i - 1] ?? 0) >= 20);
    for (const [i, band] of picture.bands.entries()) {
      const next = picture.bands[i + 1];
      if (next !== undefined)
        assert.ok(Math.abs(band.x + band.width - next.x) < 0.05, 'bands follow each other');
    }
    const bars = stepRows(picture).flatMap(({ bar }) => (bar ? [bar] : []));
    for (const bar of bars)
      assert.ok(bar.from >= picture.plot.x && bar.to <= picture.plot.x + picture.plot.width);
    const svg = renderSvg([picture], 'light');
    assert.equal(xmlProblem(svg), null);
    for (const [, x, label] of svg.matchAll(/class="label" x="([\d.]+)"[^>]*>([^<]*)</g))
      assert.ok(Number(x) + (label ?? '').length * 7.25 < picture.plot.x, label);
    assert.match(svg, /…/);
    assert.match(
      svg,
      /a3_0_with_a_name_that_is_too_long_for_its_column\(foo\)/,
      'the whole name is in the title',
    );
  });

  it('groups by the functions of the call path, and closes those without findings when there are many', () => {
    const text = manyDriver(160);
    const picture = draw(text, open);
    assert.deepEqual(picture.groups.map((group) => group.id).slice(0, 3), [
      'foo_probe#1',
      'init_0#1',
      'init_1#1',
    ]);
    const collapsed = groupsToCollapse(picture);
    const closed = draw(text, open, { collapsed });
    assert.equal(collapsed.size, 16);
    assert.ok(closed.height < picture.height / 3);
    assert.equal(
      closed.rows.filter((row) => row.type === 'group' && row.bars.length === 2).length,
      16,
    );
    assert.equal(groupsToCollapse(draw(driver, open)).size, 0);
    assert.equal(
      stepRows(draw(text, open, { collapsed, filter: 'b7_1' })).length,
      1,
      'a match is shown in a closed group',
    );
  });

  it('escapes whatever the source holds', () => {
    const odd = driver.replaceAll('foo_hw_fini, foo', 'foo_hw_fini, &foo->x["<>&\\\'\u0007"]');
    const picture = draw(odd, open);
    const { frame, rows } = renderInteractive(picture);
    const whole = `<svg>${rows.map((row) => row.svg).join('')}</svg>`;
    for (const svg of [renderSvg([picture, draw(odd, unbind)], 'auto'), frame, whole])
      assert.equal(xmlProblem(svg), null);
    assert.equal(
      escapeXml('<a b="\u0000\ud800">&\'😀'),
      '&lt;a b=&quot;\ufffd\ufffd&quot;&gt;&amp;&#39;😀',
    );
  });

  it('can be walked by keyboard and read aloud', () => {
    const { frame, rows } = renderInteractive(draw(driver, open));
    assert.match(frame, /role="tree"/);
    assert.doesNotMatch(frame, /treeitem/, 'the page puts in what is in sight');
    const svg = rows.map((row) => row.svg).join('');
    assert.match(
      svg,
      /role="treeitem" tabindex="-1" aria-level="1" aria-posinset="1" aria-setsize="7" aria-expanded="true" aria-label="foo_probe: 4 objects, 1 finding/,
    );
    assert.match(
      svg,
      /aria-label="foo_bo_fini\(foo\); error: `foo_bo_fini` unpins [^"]*given back at the last drm_dev_put\(\) \(drmm\)[^"]*; foo\.c:9 /,
    );
    assert.doesNotMatch(frame + svg, /<style| style=/, 'the page brings the style');
  });

  describe('with runners and hazards', () => {
    const late = `
struct foo { struct drm_device drm; struct workqueue_struct *wq; struct work_struct work; int irq; };
static irqreturn_t foo_irq(int irq, void *arg) { struct foo *foo = arg; queue_work(foo->wq, &foo->work); return IRQ_HANDLED; }
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	int err;
	foo->wq = alloc_workqueue("foo", 0, 0);
	err = devm_request_irq(&pdev->dev, foo->irq, foo_irq, IRQF_SHARED, "foo", foo);
	if (err)
		return err;
	return drm_dev_register(&foo->drm, 0);
}
static void foo_remove(struct pci_dev *pdev) { struct foo *foo = pci_get_drvdata(pdev); destroy_workqueue(foo->wq); }
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;

    it('draws a runner from the request to the step that ends it', () => {
      const picture = draw(late, open);
      const row = stepRows(picture).find(({ tag }) => tag === 'irq');
      assert.equal(row?.label, 'foo_irq');
      assert.equal(row.bar?.look, 'runner');
      assert.equal(row.bar.to, rowOf(picture, 'devm_request_irq').bar?.to);
      assert.equal(picture.rows[0]?.id, 'late-runners');
    });

    it('draws a hazard from the end of the one to the use by the other, with its chain', () => {
      const picture = draw(late, open);
      const user = rowOf(picture, 'devm_request_irq');
      const resource = rowOf(picture, 'alloc_workqueue');
      const stretch = user.notes.find(({ overrun }) => overrun !== null);
      assert.deepEqual(stretch?.overrun, {
        from: resource.bar?.to,
        to: user.bar?.to,
        resource: resource.id,
      });
      assert.ok(
        resource.notes.some(({ finding }) => finding === stretch.finding),
        'both ends',
      );
      assert.ok(user.chain.length > 2);
      assert.match(picture.subtitle, /1 finding, 1 past an end|past an end/);
    });

    it('keeps red for what is serious', () => {
      const { entry, findings } = read(late);
      const hints = findings.map((one) => ({ ...one, severity: 'hint' as const }));
      const svg = renderSvg([pictureOf('foo', entry, hints, open, plainOptions)], 'light');
      assert.match(svg, /class="late perhaps"/);
      assert.doesNotMatch(svg, /fill="url\(#picture-past\)"/);
    });
  });

  it('has the last put in sight at any width, however many steps there are', () => {
    for (const width of [560, 760, 1400]) {
      const picture = draw(manyDriver(1000), open, { width });
      assert.ok(picture.width <= width, `${picture.width} of ${width}`);
      const put = picture.bands.find(({ kind }) => kind === 'put');
      assert.ok(put !== undefined && put.width >= 25 && put.x + put.width <= width);
    }
  });

  it('says how many things have no release, and what was not followed', () => {
    const text = driver.replace(
      'foo_ring_init(foo);',
      'foo_ring_init(foo);\n\tfoo->data = alloc_workqueue("foo", 0, 0);',
    );
    const picture = draw(text, open);
    assert.match(picture.subtitle, /1 without a release seen/);
    assert.ok(
      picture.notes.some((note) => /no release was seen of 1 of the \d+ things/.test(note)),
    );
  });

  it('joins what one call takes on several ways and never gives back, and counts each', () => {
    const text = driver
      .replace(
        'int foo_probe(',
        'void foo_lamp_init(struct foo *foo)\n{\n\tfoo->data = alloc_workqueue("foo", 0, 0);\n}\n\nint foo_probe(',
      )
      .replace(
        'foo_ring_init(foo);',
        'foo_ring_init(foo);\n\tfoo_lamp_init(foo);\n\tfoo_lamp_init(foo);',
      );
    const picture = draw(text, open);
    assert.match(picture.subtitle, /2 without a release seen/);
    const [note] = picture.notes.filter((one) => one.startsWith('no release was seen'));
    assert.match(
      note ?? '',
      /of 2 of the \d+ things that are taken, by 1 call \(`alloc_workqueue`\)/,
    );
    const lamps = stepRows(picture).filter(({ ways }) => ways > 1);
    assert.deepEqual(
      lamps.map(({ ways, where }) => [ways, where]),
      [[2, 'on 2 ways']],
    );
  });
});
