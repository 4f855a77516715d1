/**
 * What the kernel's functions do to lifetimes, read from `server/catalog/*.json`. No function of the
 * kernel is named in code: rules and facts ask this catalogue.
 */
import type {
  ActionShape,
  BoAcquire,
  BoRelease,
  CatalogData,
  DeviceRelease,
  Guard,
  KmsObject,
  KnownMember,
  ManagedApi,
  ManualTake,
  MaskWords,
  Milestone,
  OpsTable,
  PlainMemory,
  TakeGroup,
  Versions,
} from './catalog-entries.ts';
import { Flows } from './facts/flow/flow.ts';
import type { Scope } from './result.ts';

export type * from './catalog-entries.ts';

/** The catalogue with its look-ups. Immutable; make one per configuration. */
export interface Catalog {
  readonly data: CatalogData;
  readonly managed: ReadonlyMap<string, ManagedApi>;
  readonly acquires: ReadonlyMap<string, BoAcquire>;
  readonly releases: ReadonlyMap<string, BoRelease>;
  readonly ops: ReadonlyMap<string, OpsTable>;
  readonly actions: ReadonlyMap<Scope, ActionShape>;
  readonly guards: ReadonlyMap<string, Guard>;
  /** Plain allocations by name. */
  readonly plain: ReadonlyMap<string, PlainMemory>;
  readonly kms: ReadonlyMap<string, KmsObject>;
  readonly takes: ReadonlyMap<string, ManualTake>;
  readonly takeGroups: ReadonlyMap<string, TakeGroup>;
  readonly deviceReleases: ReadonlyMap<string, DeviceRelease>;
  readonly milestones: ReadonlyMap<string, Milestone>;
  /** The functions that put a reference, with the argument that it is. */
  readonly putting: ReadonlyMap<string, number>;
  /** The ways through functions, read with the words of this catalogue. */
  readonly flows: Flows;
}

/** Whether a member of a struct is one that the catalogue knows to hold something of a kind. */
export function isMember(
  { data }: Catalog,
  { tag, member }: { readonly tag: string; readonly member: string },
  holds: KnownMember['holds'],
): boolean {
  return data.knownMembers.some(
    (one) => one.holds === holds && one.struct === tag && one.member === member,
  );
}

/** Compares `6.9` with `6.12` by number, part by part. */
function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}

function holdsIn(entry: Versions, version: string | undefined): boolean {
  if (version === undefined) return true;
  if (entry.since !== undefined && compareVersions(version, entry.since) < 0) return false;
  return entry.until === undefined || compareVersions(version, entry.until) < 0;
}

/**
 * Builds the look-ups.
 * @param parts catalogue files and a user's additions; a later entry of a name replaces an earlier one
 * @param version `6.12`, from the tree's Makefile; without it every entry counts, the newest of a name last
 */
export function buildCatalog(parts: readonly Partial<CatalogData>[], version?: string): Catalog {
  const all = <K extends Exclude<keyof CatalogData, 'macros'>>(key: K): CatalogData[K][number][] =>
    parts
      .flatMap((part) => (part[key] ?? []) as readonly CatalogData[K][number][])
      .filter((e) => holdsIn(e, version))
      .sort((a, b) => Number(b.until !== undefined) - Number(a.until !== undefined));
  const words = (key: keyof MaskWords) => [
    ...new Set(parts.flatMap((part) => part.macros?.[key] ?? [])),
  ];
  const data: CatalogData = {
    managed: all('managed'),
    acquires: all('acquires'),
    releases: all('releases'),
    ops: all('ops'),
    actions: all('actions'),
    guards: all('guards'),
    callWords: all('callWords'),
    callPairs: all('callPairs'),
    memoryDomains: all('memoryDomains'),
    memory: all('memory'),
    casts: all('casts'),
    kms: all('kms'),
    takes: all('takes'),
    takeGroups: all('takeGroups'),
    deviceReleases: all('deviceReleases'),
    milestones: all('milestones'),
    callbacks: all('callbacks'),
    errorHelpers: all('errorHelpers'),
    sections: all('sections'),
    readSections: all('readSections'),
    stepOrders: all('stepOrders'),
    observers: all('observers'),
    exports: all('exports'),
    libraries: all('libraries'),
    dispatches: all('dispatches'),
    managedHelpers: all('managedHelpers'),
    devresGroups: all('devresGroups'),
    unbindSteps: all('unbindSteps'),
    logNames: all('logNames'),
    pages: all('pages'),
    reproducers: all('reproducers'),
    initcalls: all('initcalls'),
    stress: all('stress'),
    leftovers: all('leftovers'),
    interrupts: all('interrupts'),
    nodes: all('nodes'),
    doubles: all('doubles'),
    runtimePm: all('runtimePm'),
    transfers: all('transfers'),
    linked: all('linked'),
    handedOut: all('handedOut'),
    references: all('references'),
    fileNodes: all('fileNodes'),
    unbegun: all('unbegun'),
    builtIns: all('builtIns'),
    knownMembers: all('knownMembers'),
    driverData: all('driverData'),
    deviceCalls: all('deviceCalls'),
    macros: {
      attributes: words('attributes'),
      loops: words('loops'),
      blocks: words('blocks'),
      versionCodes: words('versionCodes'),
      versionMakers: words('versionMakers'),
    },
  };
  const byName = <T extends { readonly name: string }>(list: readonly T[]) =>
    new Map(list.map((e) => [e.name, e]));
  return {
    data,
    managed: byName(data.managed),
    acquires: byName(data.acquires),
    releases: byName(data.releases),
    ops: new Map(data.ops.map((table) => [table.struct, table])),
    actions: new Map(data.actions.map((shape) => [shape.scope, shape])),
    guards: byName(data.guards),
    plain: byName(data.memory),
    kms: new Map(data.kms.map((object) => [object.struct, object])),
    takes: byName(data.takes),
    takeGroups: new Map(data.takeGroups.map((one) => [one.group, one])),
    deviceReleases: byName(data.deviceReleases),
    milestones: byName(data.milestones),
    putting: new Map(
      data.references.flatMap(({ name, does, object }) =>
        does === 'puts' ? [[name, object] as const] : [],
      ),
    ),
    flows: new Flows({
      helpers: byName(data.errorHelpers),
      maybe: new Set(data.sections.map((one) => one.name)),
      guards: new Map(data.guards.map((one) => [one.name, one.role])),
    }),
  };
}
