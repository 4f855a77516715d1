/** The case that the project started from, on the real source: found, converted as upstream did, silent around it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { skip } from '../skip.ts';
import { kernelTree } from './trees.ts';

const root = join(import.meta.dirname, '../..');
const file = 'drivers/gpu/drm/xe/xe_migrate.c';

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly function: string;
  readonly chain: readonly {
    readonly file: string;
    readonly line: number;
    readonly function: string;
    readonly message: string;
  }[];
  readonly fixes: readonly {
    readonly id: string;
    readonly title: string;
    readonly safety: string;
    readonly creates: readonly string[];
  }[];
}

function run(...args: string[]): { readonly status: number | null; readonly stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout };
}

/** The three edits of upstream's patch, made on the tree's own text. */
function asUpstream(text: string): string {
  const edits: readonly (readonly [string, string])[] = [
    ['xe_migrate_fini(struct drm_device *dev, void *arg)', 'xe_migrate_fini(void *arg)'],
    ['m = drmm_kzalloc(&xe->drm, ', 'm = devm_kzalloc(xe->drm.dev, '],
    [
      'drmm_add_action_or_reset(&xe->drm, xe_migrate_fini',
      'devm_add_action_or_reset(xe->drm.dev, xe_migrate_fini',
    ],
  ];
  for (const [from, to] of edits) {
    assert.equal(text.split(from).length, 2, `the tree has one "${from}"`);
    text = text.replace(from, to);
  }
  return text;
}

describe('xe of linux 6.12', function () {
  this.timeout(120_000);
  let tree = '';
  let found: readonly Found[] = [];

  before(function () {
    const answer = kernelTree('6.12');
    if ('missing' in answer) return skip(this, answer.missing);
    tree = answer.path;
    const { status, stdout } = run(
      'check',
      join(tree, 'drivers/gpu/drm/xe'),
      '--format',
      'json',
      '--no-cache',
    );
    assert.equal(status, 1, 'findings exit with 1');
    found = (JSON.parse(stdout) as { findings: readonly Found[] }).findings;
  });

  it('finds the seed with its whole chain', () => {
    const seed = found.find(
      (one) =>
        one.rule === 'drmm-releases-pinned-bo' &&
        one.file === file &&
        one.function === 'xe_migrate_init',
    );
    assert.ok(seed);
    assert.deepEqual(
      [seed.rule, seed.severity, seed.line, seed.column, seed.endColumn],
      ['drmm-releases-pinned-bo', 'error', 458, 8, 62],
    );
    const places = seed.chain.map(
      (link) => `${link.file.split('/').pop()}:${link.line} ${link.function}`,
    );
    for (const place of [
      'xe_migrate.c:458 xe_migrate_init',
      'xe_migrate.c:100 xe_migrate_fini',
      'xe_migrate.c:105 xe_migrate_fini',
      'xe_migrate.c:109 xe_migrate_fini',
      'xe_migrate.c:112 xe_migrate_fini',
      'xe_migrate.c:113 xe_migrate_fini',
      'xe_migrate.c:208 xe_migrate_prepare_vm',
    ]) {
      assert.ok(places.includes(place), `${place} is missing in ${places.join(', ')}`);
    }
    assert.deepEqual(
      seed.fixes.map((fix) => fix.title),
      [
        'Convert to device-managed (devm): action and callback, the memory stays drmm',
        'Convert to device-managed (devm): action, memory and callback',
      ],
    );
    // Both leave evictions behind that move BOs at the last put: neither is safe alone.
    assert.deepEqual(
      seed.fixes.map(({ safety, creates }) => [safety, creates.length]),
      [
        ['unsafe', 2],
        ['unsafe', 2],
      ],
    );
  });

  it('finds the other pinned BOs of the module and nothing that is right', () => {
    const pinned = found.filter((one) => one.rule === 'drmm-releases-pinned-bo');
    assert.deepEqual(
      pinned.map((one) => `${one.severity} ${one.file.split('/').pop()} ${one.function}`),
      [
        'warning xe_lmtt.c xe_lmtt_init',
        'error xe_memirq.c memirq_alloc_pages',
        'error xe_migrate.c xe_migrate_init',
      ],
    );
  });

  it('prints the patch of upstream, and git takes it', () => {
    const { stdout } = run('fix', '--diff', '--unsafe', '--fix', 'to-devm', join(tree, file));
    const work = mkdtempSync(join(tmpdir(), 'driver-teardown-fix-'));
    try {
      mkdirSync(join(work, dirname(file)), { recursive: true });
      const before = readFileSync(join(tree, file), 'utf8');
      writeFileSync(join(work, file), before);
      const { status, stderr } = spawnSync('git', ['apply', '-'], {
        cwd: work,
        input: stdout,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.equal(readFileSync(join(work, file), 'utf8'), asUpstream(before));
      assert.equal(stdout.match(/^@@/gm)?.length, 3);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });

  it('the first fix leaves the memory drmm, and none is safe', () => {
    const { stdout } = run('fix', '--diff', '--unsafe', join(tree, file));
    assert.equal(stdout.match(/^@@/gm)?.length, 2);
    assert.doesNotMatch(stdout, /devm_kzalloc/);
  });

  it('the follow-up evicts where upstream came to evict: in remove, once the device is unplugged', () => {
    const { stdout } = run(
      'fix',
      '--diff',
      '--unsafe',
      '--fix',
      'to-devm-and-follow-ups',
      join(tree, file),
    );
    const [remove = ''] = stdout.split('--- a/drivers/gpu/drm/xe/xe_migrate.c');
    assert.match(remove, /drm_dev_unplug\(&xe->drm\);\n(\+.*\n)+/);
    assert.match(remove, /^\+.*ttm_resource_manager_evict_all\(&xe->ttm, man\)\);$/m);
    assert.match(stdout, /^\+.*devm_add_action_or_reset\(xe->drm\.dev, xe_migrate_fini, m\);$/m);
  });

  it('a change of the allocation alone adds what it makes worse, and nothing that was wrong before', () => {
    const before = readFileSync(join(tree, file), 'utf8').split('\n');
    const from = 'm = drmm_kzalloc(&xe->drm, ';
    const at = before.findIndex((line) => line.includes(from));
    const line = before[at] ?? '';
    const patch = join(mkdtempSync(join(tmpdir(), 'driver-teardown-xe-')), 'x.patch');
    writeFileSync(
      patch,
      [
        `--- a/${file}`,
        `+++ b/${file}`,
        `@@ -${at + 1} +${at + 1} @@`,
        `-${line}`,
        `+${line.replace(from, 'm = devm_kzalloc(xe->drm.dev, ')}`,
        '',
      ].join('\n'),
    );
    const args = ['--min-severity', 'hint', '--format', 'json', join(tree, dirname(file))];
    const { stdout } = run('check', '--patch', patch, ...args);
    rmSync(dirname(patch), { recursive: true });
    const { findings } = JSON.parse(stdout) as { findings: readonly Found[] };
    assert.deepEqual(
      findings.map((one) => [one.rule, one.function]),
      [['drmm-on-devm-memory', 'xe_migrate_init']],
    );
  });

  it('the callback of the seed runs after every devm action when a file is open', () => {
    const { stdout } = run('order', join(tree, file), '--format', 'json');
    const order = JSON.parse(stdout) as {
      module: string;
      entries: readonly {
        entry: string;
        timelines: Record<string, readonly { phase: string; action: string }[]>;
      }[];
    };
    assert.equal(order.module, 'xe');
    const steps =
      order.entries.find((entry) => entry.entry === 'xe_pci_probe')?.timelines['unplug-open'] ?? [];
    const last = steps.map((step) => step.phase).lastIndexOf('devm');
    assert.ok(last > 20, `${last} devm steps`);
    assert.ok(steps.findIndex((step) => step.action === 'xe_migrate_fini') > last);
  });
});

describe('parsing the real kernel', function () {
  this.timeout(300_000);
  // One tree a commit, the other with another one: each takes a minute. `npm run parse-report` reads any.
  const { stdout: hash } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const sample = Number.parseInt(hash.trim().slice(-1), 16) % 2 === 0 ? '6.12' : '7.3';
  it(`linux ${sample}: every managed call is seen, no function that holds one is touched by an error`, function () {
    const answer = kernelTree(sample);
    if ('missing' in answer) return skip(this, answer.missing);
    const { stdout, status, stderr } = spawnSync(
      'npx',
      ['--no-install', 'tsx', 'scripts/parse-report.ts', answer.path],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const [, clean, managed] = /hold a managed call: (\d+) of (\d+)/.exec(stdout) ?? [];
    const [, seen, calls] = /that were seen: (\d+) of (\d+)/.exec(stdout) ?? [];
    const [, free, all] = /free of parse errors: (\d+) of (\d+)/.exec(stdout) ?? [];
    assert.ok(Number(managed) >= 1067 && Number(calls) >= 2400, stdout);
    assert.equal(clean, managed, stdout);
    assert.ok(Number(free) >= 0.999 * Number(all), stdout);
    assert.equal(seen, calls, stdout);
  });
});
