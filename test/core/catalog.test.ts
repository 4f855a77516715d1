import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Ajv } from 'ajv';
import { buildCatalog, type CatalogData } from '../../server/src/core/catalog.ts';

const folder = new URL('../../server/catalog/', import.meta.url);
const read = (name: string): unknown => JSON.parse(fs.readFileSync(new URL(name, folder), 'utf8'));
const files = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'catalog.schema.json')
  .sort();
const parts = files.map((name) => read(name) as Partial<CatalogData>);

type Ranged = { readonly since?: string; readonly until?: string };
const number = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};
const overlap = (a: Ranged, b: Ranged): boolean => {
  const from = (entry: Ranged) => number(entry.since ?? '0.0');
  const to = (entry: Ranged) => (entry.until === undefined ? Infinity : number(entry.until));
  return from(a) < to(b) && from(b) < to(a);
};

const isIn = (one: Ranged, kernel: string): boolean =>
  number(one.since ?? '0.0') <= number(kernel) &&
  (one.until === undefined || number(kernel) < number(one.until));

describe('catalogue', () => {
  const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(
    read('catalog.schema.json') as object,
  );

  for (const [i, name] of files.entries()) {
    it(`${name} fits the schema`, () => {
      assert.ok(validate(parts[i]), JSON.stringify(validate.errors, null, 2));
    });
  }

  it('every managed API that takes something has a name in the log, for the versions it is there', () => {
    const names = parts.flatMap((part) => part.logNames ?? []);
    const acquiring = parts
      .flatMap((part) => part.managed ?? [])
      .filter(
        ({ role, release }) =>
          !['add-action', 'release-action', 'remove-action', 'free-memory'].includes(role) &&
          // What it adds is named by its argument.
          release === undefined,
      );
    assert.ok(acquiring.length > 300);
    const hybrid = parts.flatMap((part) => part.takes ?? []).filter((one) => one.listedAfter);
    // The kernels that the catalogue was read from.
    const without = ['6.1', '6.12', '7.3'].flatMap((kernel) =>
      [...acquiring, ...hybrid.filter(() => kernel !== '6.1')]
        .filter((api) => isIn(api, kernel))
        .filter(
          ({ name }) => !names.some((entry) => entry.apis.includes(name) && isIn(entry, kernel)),
        )
        .map(({ name }) => `${name} of ${kernel}`),
    );
    assert.deepEqual(without, []);
  });

  it('the names in the log are of managed APIs, and what is sometimes there is of one that adds it', () => {
    const hybrid = parts.flatMap((part) => part.takes ?? []).filter((one) => one.listedAfter);
    const managed = new Set(
      [...parts.flatMap((part) => part.managed ?? []), ...hybrid].map(({ name }) => name),
    );
    for (const { name, takes } of parts.flatMap((part) => part.managedHelpers ?? []))
      for (const { api } of takes) assert.ok(managed.has(api), `${name}: ${api}`);
    for (const { name, apis, beside = [], sometimes = [] } of parts.flatMap(
      (part) => part.logNames ?? [],
    )) {
      for (const api of [...apis, ...beside]) assert.ok(managed.has(api), `${name}: ${api}`);
      for (const api of sometimes) assert.ok(apis.includes(api), `${name}: ${api}`);
    }
  });

  it('the schema refuses what it does not know', () => {
    const entry = {
      name: 'drmm_add_action',
      scope: 'drm',
      role: 'add-action',
      device: 0,
      owner: 'drm_device',
      callback: 1,
      data: 2,
      kind: 'action',
      source: 'include/drm/drm_managed.h:25',
    };
    assert.ok(validate({ managed: [entry] }), JSON.stringify(validate.errors));
    const { callback: _, ...without } = entry;
    for (const bad of [
      { managed: [{ ...entry, extra: 1 }] },
      { managed: [{ ...entry, scope: 'devm' }] },
      { managed: [{ ...entry, since: '6' }] },
      { managed: [{ ...entry, object: 1 }] },
      { managed: [without] },
      { managed: [{ ...entry, role: 'init-object' }] },
      { releases: [{ ...entry }] },
      { macros: { attributes: ['a b'] } },
      { memory: [{ name: 'kmalloc', releases: [], source: 'include/linux/slab.h:1' }] },
      { casts: [{ name: 'container_of', source: 'include/linux/container_of.h:1' }] },
      {
        kms: [
          {
            struct: 'drm_crtc',
            inits: { 'a b': 0 },
            cleanups: {},
            source: 'include/drm/drm_crtc.h:1',
          },
        ],
      },
      {
        takes: [
          {
            name: 'ioremap',
            group: 'mmio',
            object: 'result',
            releases: ['iounmap'],
            source: 'a.h:1',
          },
        ],
      },
      { deviceReleases: [{ name: 'iounmap', group: 'mmio', source: 'a.h:1' }] },
      { milestones: [{ name: 'INIT_WORK', role: 'init-work', source: 'a.h:1' }] },
      { functions: [] },
    ]) {
      assert.equal(validate(bad), false, JSON.stringify(bad));
    }
  });

  it('names are unique per kind and version range', () => {
    const check = (kind: string, entries: readonly (readonly [string, Ranged])[]) => {
      const seen = new Map<string, Ranged[]>();
      for (const [name, entry] of entries) {
        const others = seen.get(name) ?? [];
        for (const other of others) {
          assert.ok(!overlap(entry, other), `${kind}: ${name} stands twice in one version`);
        }
        seen.set(name, [...others, entry]);
      }
    };
    const named = [
      'managed',
      'acquires',
      'releases',
      'guards',
      'memory',
      'casts',
      'takes',
      'deviceReleases',
      'milestones',
    ] as const;
    for (const key of named) {
      const all = parts.flatMap((part) => [...(part[key] ?? [])]);
      check(
        key,
        all.map((entry) => [entry.name, entry] as const),
      );
    }
    check(
      'ops',
      parts.flatMap((part) => part.ops ?? []).map((table) => [table.struct, table]),
    );
    check(
      'kms',
      parts.flatMap((part) => part.kms ?? []).map((object) => [object.struct, object]),
    );
  });

  it('no entry ends before it starts', () => {
    for (const part of parts) {
      for (const key of ['managed', 'acquires', 'releases', 'guards', 'ops', 'actions'] as const) {
        for (const entry of (part[key] ?? []) as readonly Ranged[]) {
          if (entry.since === undefined || entry.until === undefined) continue;
          assert.ok(number(entry.since) < number(entry.until), JSON.stringify(entry));
        }
      }
    }
  });

  it('counterparts point back, across the scopes, with the same arguments', () => {
    for (const version of ['6.12', '7.3']) {
      const { managed } = buildCatalog(parts, version);
      for (const entry of managed.values()) {
        if (entry.counterpart === undefined) continue;
        const other = managed.get(entry.counterpart);
        assert.ok(other, `${entry.name}: ${entry.counterpart} is not there in ${version}`);
        assert.equal(other.counterpart, entry.name);
        assert.notEqual(other.scope, entry.scope, entry.name);
        for (const key of ['role', 'device', 'callback', 'data', 'object', 'orReset'] as const) {
          assert.equal(other[key], entry[key], `${entry.name}: ${key}`);
        }
      }
    }
  });

  it('a name is not both an acquire and a release', () => {
    const { acquires, releases } = buildCatalog(parts);
    for (const name of acquires.keys()) assert.ok(!releases.has(name), name);
  });

  it('a mask word has one meaning, and never hides a keyword', () => {
    const { macros } = buildCatalog(parts).data;
    const all = [...macros.attributes, ...macros.loops, ...macros.blocks];
    assert.equal(new Set(all).size, all.length);
    for (const word of ['inline', 'static', 'fallthrough', '__attribute__']) {
      assert.ok(!all.includes(word), word);
    }
    for (const loop of macros.loops) assert.ok(!loop.includes('for_each'), loop);
  });

  it('holds the shapes and guards that the rules ask for', () => {
    const catalog = buildCatalog(parts);
    assert.deepEqual(catalog.actions.get('drm')?.parameters, ['struct drm_device *', 'void *']);
    assert.deepEqual(catalog.actions.get('bound')?.parameters, ['void *']);
    assert.equal(catalog.guards.get('drm_dev_enter')?.role, 'enter');
    assert.equal(catalog.managed.get('drmm_add_action_or_reset')?.orReset, true);
    assert.equal(catalog.managed.get('drmm_add_action')?.orReset, undefined);
    assert.equal(catalog.managed.get('drmm_mutex_init')?.object, 1);
    assert.equal(catalog.managed.get('dmam_pool_create')?.device, 1);
    assert.equal(catalog.managed.get('devm_drm_dev_alloc')?.role, 'device-alloc');
    assert.equal(catalog.managed.get('devm_platform_ioremap_resource')?.owner, 'platform_device');
    assert.equal(catalog.releases.get('xe_vm_put')?.verb, 'puts-owner');
    assert.equal(catalog.releases.get('dma_free_coherent')?.object, 2);
    assert.equal(catalog.ops.get('pci_driver')?.hotplug, true);
    assert.equal(catalog.ops.get('component_ops')?.members.bind, 'bind');
    assert.equal(catalog.kms.get('drm_encoder')?.inits.drmm_encoder_init, 1);
    assert.equal(catalog.kms.get('drm_connector')?.cleanups['funcs->destroy'], 0);
    assert.ok(catalog.plain.get('kzalloc')?.releases.includes('kfree'));
    assert.equal(catalog.milestones.get('drm_dev_alloc')?.role, 'dev-alloc');
  });

  it('honours versions', () => {
    const old = buildCatalog(parts, '6.12');
    const recent = buildCatalog(parts, '7.3');
    const newest = buildCatalog(parts);
    assert.ok(!old.managed.has('devm_drm_bridge_alloc'));
    assert.ok(recent.managed.has('devm_drm_bridge_alloc'));
    assert.ok(newest.managed.has('devm_drm_bridge_alloc'));
    assert.ok(old.releases.has('ttm_bo_put'));
    assert.ok(!recent.releases.has('ttm_bo_put'));
    // Without a version a tree of any age may be meant.
    assert.ok(newest.releases.has('ttm_bo_put'));
    assert.ok(recent.releases.has('ttm_bo_fini') && !old.releases.has('ttm_bo_fini'));
    // The flags argument moved.
    assert.equal(old.acquires.get('xe_bo_create_user')?.placement?.argument, 5);
    assert.equal(recent.acquires.get('xe_bo_create_user')?.placement?.argument, 4);
    assert.equal(newest.acquires.get('xe_bo_create_user')?.placement?.argument, 4);
    // Numbers are compared by part: 6.9 comes before 6.13.
    assert.ok(!buildCatalog(parts, '6.9').releases.has('ttm_bo_fini'));
    assert.ok(old.ops.has('platform_driver') && recent.ops.has('platform_driver'));
  });

  it('a later part replaces an entry and adds macros', () => {
    const own: Partial<CatalogData> = {
      releases: [
        { name: 'xe_bo_put', driver: 'xe', verb: 'frees', what: 'BO', object: 0, source: 'a.h:1' },
        { name: 'my_put', driver: 'mine', verb: 'puts', what: 'BO', object: 0, source: 'a.h:2' },
      ],
      macros: {
        attributes: ['__mine'],
        loops: [],
        blocks: [],
        versionCodes: [],
        versionMakers: [],
      },
    };
    const catalog = buildCatalog([...parts, own], '6.12');
    assert.equal(catalog.releases.get('xe_bo_put')?.verb, 'frees');
    assert.equal(catalog.releases.get('my_put')?.driver, 'mine');
    assert.ok(catalog.data.macros.attributes.includes('__mine'));
    assert.ok(catalog.data.macros.attributes.includes('__init'));
  });
});
