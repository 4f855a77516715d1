/**
 * What the catalogue's files say, kind by kind, as data. Each entry names the header that it was read from;
 * `server/catalog/catalog.schema.json` is the same for JSON.
 */

import type {
  DevresGroup,
  Double,
  LogName,
  ManagedApi,
  ManagedHelper,
  UnbindStep,
} from './catalog-entries/managed.ts';
import type { Milestone } from './catalog-entries/milestones.ts';
import type {
  BoAcquire,
  BoRelease,
  KmsObject,
  MemoryDomain,
  PlainMemory,
} from './catalog-entries/objects.ts';
import type {
  CallbackCaller,
  Dispatch,
  FileNode,
  Interrupt,
  NodeGroup,
  Observer,
  OpsTable,
  TransferWord,
} from './catalog-entries/runners.ts';
import type { Leftover, Reproducer, StressScenario } from './catalog-entries/stress.ts';
import type {
  DeviceRelease,
  DriverData,
  HandedOut,
  Linked,
  ManualTake,
  ReferenceWord,
  RuntimePmWord,
  TakeGroup,
  Unbegun,
} from './catalog-entries/takes.ts';
import type {
  ActionShape,
  BuiltIn,
  CallPair,
  CallWord,
  Cast,
  DeviceCall,
  DocumentationPage,
  ErrorHelper,
  Export,
  Guard,
  Initcall,
  KnownMember,
  Library,
  MaskWords,
  ReadSection,
  Section,
  StepOrder,
} from './catalog-entries/words.ts';

export type * from './catalog-entries/managed.ts';
export type * from './catalog-entries/milestones.ts';
export type * from './catalog-entries/objects.ts';
export type * from './catalog-entries/runners.ts';
export type * from './catalog-entries/stress.ts';
export type * from './catalog-entries/takes.ts';
export type * from './catalog-entries/versions.ts';
export type * from './catalog-entries/words.ts';

/** The whole catalogue as it is stored: the union of the files. */
export interface CatalogData {
  readonly managed: readonly ManagedApi[];
  readonly acquires: readonly BoAcquire[];
  readonly releases: readonly BoRelease[];
  readonly ops: readonly OpsTable[];
  readonly actions: readonly ActionShape[];
  readonly guards: readonly Guard[];
  readonly callWords: readonly CallWord[];
  readonly callPairs: readonly CallPair[];
  readonly memoryDomains: readonly MemoryDomain[];
  readonly memory: readonly PlainMemory[];
  readonly casts: readonly Cast[];
  readonly kms: readonly KmsObject[];
  readonly takes: readonly ManualTake[];
  readonly takeGroups: readonly TakeGroup[];
  readonly deviceReleases: readonly DeviceRelease[];
  readonly milestones: readonly Milestone[];
  readonly callbacks: readonly CallbackCaller[];
  readonly errorHelpers: readonly ErrorHelper[];
  readonly sections: readonly Section[];
  readonly readSections: readonly ReadSection[];
  readonly stepOrders: readonly StepOrder[];
  readonly observers: readonly Observer[];
  readonly dispatches: readonly Dispatch[];
  readonly managedHelpers: readonly ManagedHelper[];
  readonly devresGroups: readonly DevresGroup[];
  readonly unbindSteps: readonly UnbindStep[];
  readonly logNames: readonly LogName[];
  readonly exports: readonly Export[];
  readonly libraries: readonly Library[];
  readonly pages: readonly DocumentationPage[];
  readonly reproducers: readonly Reproducer[];
  readonly initcalls: readonly Initcall[];
  readonly stress: readonly StressScenario[];
  readonly leftovers: readonly Leftover[];
  readonly interrupts: readonly Interrupt[];
  readonly nodes: readonly NodeGroup[];
  readonly doubles: readonly Double[];
  readonly runtimePm: readonly RuntimePmWord[];
  readonly transfers: readonly TransferWord[];
  readonly linked: readonly Linked[];
  readonly handedOut: readonly HandedOut[];
  readonly references: readonly ReferenceWord[];
  readonly fileNodes: readonly FileNode[];
  readonly unbegun: readonly Unbegun[];
  readonly builtIns: readonly BuiltIn[];
  readonly knownMembers: readonly KnownMember[];
  readonly driverData: readonly DriverData[];
  readonly deviceCalls: readonly DeviceCall[];
  readonly macros: MaskWords;
}
