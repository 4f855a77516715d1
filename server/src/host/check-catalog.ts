/**
 * Checks the catalogue entries that a user adds in the configuration. The shipped catalogue has a JSON
 * schema that its tests apply; a user's mistake must be told at run time, without a schema engine.
 */
import type { CatalogData } from '../core/catalog.ts';

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'list' | 'any' | readonly string[];

const scopes = ['bound', 'drm'] as const;
const holds = [
  'none',
  'open',
  'bo',
  'map',
  'dmabuf',
  'kms',
  'flip',
  'busy',
  'job',
  'hwmon',
  'sysfs',
  'debugfs',
  'console',
] as const;

/** The members that an entry of each list cannot do without. */
const required: Readonly<
  Record<Exclude<keyof CatalogData, 'macros'>, Readonly<Record<string, Kind>>>
> = {
  managed: {
    name: 'string',
    scope: scopes,
    role: [
      'add-action',
      'release-action',
      'remove-action',
      'alloc-memory',
      'free-memory',
      'acquire',
      'alloc-object',
      'init-object',
      'device-alloc',
    ],
    device: 'number',
    owner: 'string',
    kind: 'string',
  },
  acquires: { name: 'string', driver: 'string', kind: 'string', object: 'any', pinned: 'boolean' },
  releases: {
    name: 'string',
    driver: 'string',
    verb: ['unpins', 'puts', 'unmaps', 'dma-unmaps', 'frees', 'puts-owner'],
    what: 'string',
    object: 'number',
  },
  ops: { struct: 'string', members: 'object' },
  actions: { scope: scopes, parameters: 'list' },
  guards: { name: 'string', role: ['enter', 'exit'] },
  callWords: {
    word: 'string',
    role: ['ends', 'drops', 'finds', 'takes', 'keeps', 'says', 'writes'],
  },
  callPairs: { first: 'string', second: 'string' },
  memoryDomains: { word: 'string', mapped: 'boolean' },
  memory: { name: 'string', releases: 'list' },
  casts: { name: 'string', argument: 'number' },
  kms: { struct: 'string', inits: 'object', cleanups: 'object' },
  takes: { name: 'string', group: 'string', object: 'any', releases: 'list' },
  takeGroups: { group: 'string' },
  deviceReleases: { name: 'string', group: 'string', what: 'string' },
  milestones: { name: 'string', role: 'string' },
  callbacks: { name: 'string', struct: 'string', members: 'list' },
  errorHelpers: {
    name: 'string',
    argument: 'number',
    answers: [
      'value',
      'is-error',
      'is-error-or-null',
      'error',
      'error-or-zero',
      'taken',
      'returned',
    ],
  },
  sections: { name: 'string', runs: ['maybe'] },
  observers: { name: 'string' },
  exports: { name: 'string' },
  libraries: { headers: 'string', folder: 'string' },
  dispatches: { name: 'string', struct: 'string', members: 'list' },
  managedHelpers: { name: 'string', takes: 'list' },
  devresGroups: { name: 'string', does: ['open', 'close', 'release', 'remove'], id: 'number' },
  unbindSteps: {
    name: 'string',
    buses: 'list',
    when: ['before-devres', 'after-devres'],
    what: 'string',
  },
  logNames: { name: 'string', apis: 'list' },
  pages: { header: 'string', page: 'string', fragment: 'string' },
  reproducers: {
    kind: ['igt', 'command', 'option', 'blind'],
    name: 'string',
    timelines: 'list',
    what: 'string',
  },
  initcalls: { name: 'string', does: ['init', 'exit'] },
  stress: {
    name: 'string',
    hold: holds,
    end: ['unbind', 'rebind', 'remove', 'rmmod', 'fail'],
    timelines: 'list',
    what: 'string',
  },
  leftovers: { name: 'string', kinds: 'list', what: 'string' },
  interrupts: { name: 'string', does: ['request', 'end', 'quiet', 'settles'] },
  nodes: { group: 'string', what: 'string', begins: 'list', ends: 'list' },
  fileNodes: { struct: 'string', what: 'string', begins: 'list', close: 'string' },
  runtimePm: { name: 'string', does: ['delays', 'hurries', 'starts-active', 'switches-off'] },
  references: { name: 'string', does: ['gets', 'puts', 'begins'], object: 'number' },
  handedOut: { name: 'string', what: 'string', data: 'string', ops: 'string', release: 'string' },
  readSections: {
    name: 'string',
    leaves: 'string',
    token: 'any',
    entered: ['always', 'something'],
    waits: 'string',
  },
  stepOrders: {
    name: 'string',
    object: 'number',
    ends: 'string',
    harm: 'string',
    needed: 'list',
    begins: 'list',
  },
  linked: { name: 'string', what: 'string', object: 'number', releases: 'list' },
  transfers: {
    name: 'string',
    does: ['fills', 'starts', 'stops', 'ends', 'waits', 'needs-stop'],
  },
  doubles: { name: 'string', object: 'number', of: 'list', taken: 'any' },
  unbegun: { name: 'string', object: 'number', harm: 'string' },
  builtIns: { name: 'string' },
  knownMembers: {
    struct: 'string',
    member: 'string',
    holds: ['parent-device', 'file-data', 'device-data', 'importer', 'stays-bound'],
  },
  driverData: { name: 'string', does: ['get', 'set', 'same'], device: 'number' },
  deviceCalls: {
    name: 'string',
    struct: 'string',
    members: 'list',
    parameter: 'number',
    argument: 'number',
  },
};

const macroLists = ['attributes', 'loops', 'blocks', 'versionCodes', 'versionMakers'];

function fits(value: unknown, kind: Kind): boolean {
  if (kind === 'any') return value !== undefined;
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'object') return isObject(value);
  if (typeof kind === 'string') return typeof value === kind;
  return typeof value === 'string' && kind.includes(value);
}

function describe(kind: Kind): string {
  if (kind === 'any') return 'given';
  return typeof kind === 'string' ? `a ${kind}` : `one of ${kind.join(', ')}`;
}

function checkEntry(
  list: string,
  index: number,
  entry: unknown,
  shape: Readonly<Record<string, Kind>>,
): string | undefined {
  const where = `catalog.${list}[${index}]`;
  if (!isObject(entry)) return `${where} must be an object`;
  for (const [key, kind] of Object.entries(shape)) {
    if (!fits(entry[key], kind)) return `${where}.${key} must be ${describe(kind)}`;
  }
  return undefined;
}

function checkMacros(value: unknown): string | undefined {
  if (!isObject(value)) return 'catalog.macros must be an object';
  for (const [key, words] of Object.entries(value)) {
    if (!macroLists.includes(key)) return `catalog.macros has an unknown key "${key}"`;
    if (!Array.isArray(words) || words.some((word) => typeof word !== 'string')) {
      return `catalog.macros.${key} must be a list of words`;
    }
  }
  return undefined;
}

/**
 * Checks `catalog` of a configuration file.
 * @param source stands in the entries that do not say where they come from
 * @param fail throws with what is wrong
 */
export function checkCatalog(
  value: unknown,
  source: string,
  fail: (what: string) => never,
): Partial<CatalogData> {
  if (!isObject(value)) return fail('"catalog" must be an object');
  const out: Record<string, unknown> = {};
  for (const [list, entries] of Object.entries(value)) {
    if (list === 'macros') {
      const wrong = checkMacros(entries);
      if (wrong !== undefined) return fail(wrong);
      out[list] = {
        ...Object.fromEntries(macroLists.map((key) => [key, []])),
        ...(entries as object),
      };
      continue;
    }
    const shape = Object.hasOwn(required, list)
      ? required[list as keyof typeof required]
      : undefined;
    if (shape === undefined) {
      return fail(
        `"catalog" has an unknown list "${list}" (known: ${Object.keys(required).join(', ')}, macros)`,
      );
    }
    if (!Array.isArray(entries)) return fail(`catalog.${list} must be a list`);
    out[list] = entries.map((entry, i) => {
      const wrong = checkEntry(list, i, entry, shape);
      return wrong === undefined ? { source, ...(entry as object) } : fail(wrong);
    });
  }
  return out as Partial<CatalogData>;
}
