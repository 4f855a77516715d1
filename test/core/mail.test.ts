/** Subjects, changelogs and headers of mailable patches, and the reproducer card. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { buildCatalog, type CatalogData } from '../../server/src/core/catalog.ts';
import { changelogOf } from '../../server/src/core/mail/changelog.ts';
import { mailOf } from '../../server/src/core/mail/patch.ts';
import { cardMarkdown, isEmptyCard, reproducerOf } from '../../server/src/core/mail/reproducer.ts';
import { patchName, prefixOf, subjectOf } from '../../server/src/core/mail/subject.ts';
import { sentence, wrap } from '../../server/src/core/mail/wrap.ts';
import type { Finding, Fix, Place } from '../../server/src/core/result.ts';
import { rules } from '../../server/src/core/rules/index.ts';

const folder = new URL('../../server/catalog/', import.meta.url);
const parts = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'catalog.schema.json')
  .map((name) => JSON.parse(fs.readFileSync(new URL(name, folder), 'utf8')) as CatalogData);
const catalog = buildCatalog(parts, '6.12');

const place: Place = {
  file: 'drivers/gpu/drm/toy/toy_ring.c',
  start: 0,
  end: 1,
  from: { line: 19, character: 8 },
  to: { line: 19, character: 9 },
};

const finding: Finding = {
  rule: 'drmm-releases-pinned-bo',
  severity: 'error',
  confidence: 'certain',
  place,
  function: 'toy_ring_init',
  message:
    '`toy_ring_fini` unpins `ring->bo` at the last drm_dev_put(), after the device is unbound',
  timelines: ['unplug-open'],
  chain: [{ role: 'registration', place, function: 'toy_ring_init', message: 'registered by `x`' }],
  fixes: [],
  fingerprint: '0',
};

const fix: Fix = {
  id: 'to-devm',
  title: 'Convert to device-managed (devm): action, memory and callback',
  safety: 'safe',
  preferred: true,
  edits: [],
  creates: [],
};

const card = reproducerOf(finding, new Set(['pci']), catalog);
const fixes = { hash: '0123456789abcdef0123456789abcdef01234567', subject: 'drm/toy: Add "it"' };
const log = { finding, fix, card, fixes, tool: 'Driver Teardown 1.2.3' };

describe('mail: subject', () => {
  it('the prefix is the one that the last changes had most often', () => {
    const of = (...subjects: string[]): string => prefixOf(place.file, subjects);
    assert.equal(
      of('drm/toy/ring: Fix it', 'drm/toy: Add', 'drm/toy/ring: Move it'),
      'drm/toy/ring',
    );
    assert.equal(of('drm/toy: Add', 'drm/toy/ring: Fix'), 'drm/toy');
    assert.equal(of('drm/bridge: toy: Fix', 'drm/bridge: toy: Add'), 'drm/bridge: toy');
    assert.equal(of('Merge tag x', 'Revert "drm/foo: Bar"', 'treewide: Fix'), 'drm/toy');
    assert.equal(of(), 'drm/toy');
  });

  for (const [file, prefix] of [
    ['drivers/gpu/drm/xe/xe_bo.c', 'drm/xe'],
    ['drivers/accel/ivpu/ivpu_drv.c', 'accel/ivpu'],
    ['drivers/gpu/drm/panel/panel-novatek-nt36523.c', 'drm/panel: novatek-nt36523'],
    ['drivers/gpu/drm/drm_managed.c', 'drm'],
    ['toy.c', 'toy'],
  ] as const) {
    it(`without history ${file} is ${prefix}`, () => assert.equal(prefixOf(file, []), prefix));
  }

  it('says what is done and where, without explanations', () => {
    assert.equal(
      subjectOf(finding, fix, 'drm/toy'),
      'drm/toy: Unpin bo at unbind in toy_ring_init()',
    );
  });

  it('names a function once, and is never longer than 75', () => {
    const named = { ...fix, id: 'return-error', title: 'Return the error of toy_ring_init()' };
    assert.equal(
      subjectOf(finding, named, 'drm/toy'),
      'drm/toy: Check the result of toy_ring_init()',
    );
    const title = 'Call a_function_with_a_rather_long_name_here() once the drm_device is unplugged';
    const subject = subjectOf(finding, { ...fix, id: 'other', title }, 'drm/toy');
    assert.equal(subject, 'drm/toy: Call a_function_with_a_rather_long_name_here()');
    const words = subjectOf(
      finding,
      { ...fix, id: 'other', title: 'word '.repeat(40).trim() },
      'drm/toy',
    );
    assert.ok(words.length <= 75 && words.endsWith('word'), words);
  });

  it('file names hold letters, digits and hyphens', () => {
    assert.equal(patchName(3, 'drm/toy: Use f() "now"'), '0003-drm-toy-Use-f-now.patch');
  });
});

describe('mail: changelog', () => {
  it('says what breaks, when, how it is reached, what is done and what is not', () => {
    assert.equal(
      changelogOf(log),
      `toy_ring_fini unpins ring->bo at the last drm_dev_put(), after the device
is unbound.

This happens when the driver is unbound, or the device unplugged, while a
file is open: the drm_device then lives on until the last drm_dev_put().

How it is reached:
  toy_ring.c:20 toy_ring_init(): registered by x

Convert to device-managed (devm): action, memory and callback.

Found with Driver Teardown 1.2.3 [drmm-releases-pinned-bo].

Runtime tested: NO
It would show in: igt@core_hotunplug@hotunbind-rebind, with
CONFIG_DMA_API_DEBUG and CONFIG_IOMMU_DEFAULT_DMA_STRICT

Fixes: 0123456789ab ("drm/toy: Add "it"")
Cc: stable@vger.kernel.org`,
    );
  });

  it('a warning does not go to stable, and nothing does without Fixes:', () => {
    const warning = changelogOf({ ...log, finding: { ...finding, severity: 'warning' } });
    assert.match(warning, /^Fixes: /m);
    assert.doesNotMatch(warning, /stable/);
    assert.doesNotMatch(changelogOf({ ...log, fixes: undefined }), /Fixes:|stable/);
  });

  it('several timelines make one sentence', () => {
    const both = { ...finding, timelines: ['unplug-open', 'probe-fail', 'unbind'] as const };
    assert.match(
      changelogOf({ ...log, finding: both }),
      /^This happens when the driver is unbound, when probe fails and when the\ndriver is unbound, or the device/m,
    );
  });

  it('wraps at 75, and leaves longer words whole', () => {
    const long = 'x'.repeat(90);
    const lines = wrap(`${'word '.repeat(40)}${long} end`, '  ', '    ').split('\n');
    assert.ok(lines[0]?.startsWith('  word') && lines[1]?.startsWith('    word'));
    for (const line of lines) assert.ok(line.length <= 75 || line.trim() === long, line);
  });

  it('a name at the start of a sentence keeps its case', () => {
    assert.equal(sentence('`toy_fini` frees it'), 'toy_fini frees it.');
    assert.equal(sentence('the callback frees it'), 'The callback frees it.');
  });
});

describe('mail: patch', () => {
  const input = { ...log, prefix: 'drm/toy', date: new Date(Date.UTC(2026, 0, 5, 7, 8, 9)) };
  const head = (name: string): string =>
    mailOf({ ...input, author: { name, email: 'a@example.org' } }).head;

  it('has the headers that git am reads', () => {
    const lines = head('A B').split('\n');
    assert.match(lines[0] ?? '', /^From 0{40} Mon Sep 17 00:00:00 2001$/);
    assert.deepEqual(lines.slice(1, 4), [
      'From: A B <a@example.org>',
      'Date: Mon, 5 Jan 2026 07:08:09 +0000',
      'Subject: [PATCH] drm/toy: Unpin bo at unbind in toy_ring_init()',
    ]);
  });

  it('advice to the author stands where git drops it', () => {
    const author = { name: 'A', email: 'a@example.org' };
    const noticed = { ...fix, notice: '`x` is read later: see to it' };
    const [log, notes] = mailOf({ ...input, fix: noticed, author }).head.split('\n---\n');
    assert.doesNotMatch(log ?? '', /read later/);
    assert.match(notes ?? '', /^To see to: x is read later: see to it\.$/m);
  });

  it('names beyond ASCII and with signs are written as headers want them', () => {
    assert.match(head('Jürgen Groß'), /^From: =\?UTF-8\?q\?J=C3=BCrgen_Gro=C3=9F\?= <a@/m);
    assert.match(head('Doe, John "J."'), /^From: "Doe, John \\"J\.\\"" <a@example\.org>$/m);
    const long = head('Ä'.repeat(40));
    const words = long.match(/=\?UTF-8\?q\?[^?]*\?=/g) ?? [];
    assert.ok(words.length > 1 && words.every((word) => word.length <= 75), words.join(' '));
  });
});

describe('mail: reproducer card', () => {
  it('tells what shows a finding and what does not', () => {
    assert.deepEqual(
      card.tests.map(({ name }) => name),
      [
        'core_hotunplug@hotunbind-rebind',
        'core_hotunplug@hotrebind-lateclose',
        'core_hotunplug@hotunplug-rescan',
      ],
    );
    assert.ok(card.blind.some(({ name }) => name === 'rmmod'));
    assert.ok(card.commands.every(({ name }) => !name.includes('/BUS/')));
    assert.match(cardMarkdown(card), /^Would not show it:$/m);
  });

  it('follows the bus, the driver and the timeline', () => {
    const platform = reproducerOf(finding, new Set(['platform', 'component']), catalog);
    assert.ok(platform.commands.some(({ name }) => name.includes('/sys/bus/platform/drivers/')));
    assert.ok(!platform.commands.some(({ name }) => name.includes('/pci/')));
    const failing = { ...finding, timelines: ['probe-fail'] as const };
    const tests = (file: string): string[] =>
      reproducerOf({ ...failing, place: { ...place, file } }, new Set(['pci']), catalog).tests.map(
        ({ name }) => name,
      );
    assert.deepEqual(tests(place.file), []);
    assert.match(tests('drivers/gpu/drm/xe/xe_bo.c').join(), /^xe_fault_injection@/);
  });

  it('what misses one timeline is no blind spot of a finding on two', () => {
    const both = { ...finding, timelines: ['unbind', 'unplug-open'] as const };
    const { blind } = reproducerOf(both, new Set(['pci']), catalog);
    assert.ok(!blind.some(({ name }) => name === 'core_hotunplug@unbind-rebind'));
  });

  it('a finding without a timeline has none', () => {
    assert.ok(isEmptyCard(reproducerOf({ ...finding, timelines: [] }, new Set(['pci']), catalog)));
  });

  it('names rules that there are', () => {
    const known = new Set(rules.map(({ id }) => id));
    for (const { rules: named = [] } of catalog.data.reproducers)
      for (const id of named) assert.ok(known.has(id), id);
  });
});
