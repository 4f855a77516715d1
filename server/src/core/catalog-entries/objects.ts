/** Buffer objects, mode-setting objects and plain memory. */
import type { Scope } from '../result.ts';
import type { Versions } from './versions.ts';

/** Where the memory behind a BO can lie. */
export type Placement = 'system' | 'vram' | 'either';

/** A function that pins, maps or allocates something that DMA or the IOMMU reaches. */
export interface BoAcquire extends Versions {
  readonly name: string;
  /** Folder under drivers/gpu/drm (`xe`, `amd/amdgpu`), or a subsystem: `ttm`, `gem`, `dma-api`. */
  readonly driver: string;
  readonly kind: string;
  /** Where the object comes out: the return value, or the index of the argument that is acted on
   * or that receives it (`out`). */
  readonly object: 'return' | { readonly argument: number; readonly out?: boolean };
  /** The object stays resident for the device until released: pinned, mapped, or owner of such. */
  readonly pinned: boolean;
  /** A release is registered with devm or drmm by the function itself. */
  readonly managed?: Scope;
  /** How the placement can be read from a flags argument. */
  readonly placement?: {
    readonly argument: number;
    /** Flag or domain name, to what its presence allows. */
    readonly flags: Readonly<Record<string, Placement>>;
    /** Macros whose truth turns `either` into VRAM: `IS_DGFX`. */
    readonly vramUnder?: readonly string[];
  };
  readonly note?: string;
}

export type ReleaseVerb =
  | 'unpins'
  | 'puts' // drops a reference: harm only when the object is pinned or a kernel BO
  | 'unmaps'
  | 'dma-unmaps'
  | 'frees' // releases pinned or DMA memory whole
  | 'puts-owner'; // puts a VM, queue or pool that owns pinned BOs

/** A function that gives such a thing back. */
export interface BoRelease extends Versions {
  readonly name: string;
  readonly driver: string;
  readonly verb: ReleaseVerb;
  /** What is released, for messages: `BO`, `VM`, `exec queue`, `DMA memory`, … */
  readonly what: string;
  /** Others map into it: as long as open files have such mappings it has to stay. */
  readonly holds?: boolean;
  /** Index of the argument that is released. */
  readonly object: number;
  /** On a platform driver without IOMMU the late release frees memory only. */
  readonly note?: string;
}

/** A word in the name of a TTM placement or of its manager: `vram`, `tt`. */
export interface MemoryDomain extends Versions {
  readonly word: string;
  /** Its pages are mapped for DMA; eviction moves BOs from the others into it. */
  readonly mapped: boolean;
  /** It lies below the mapped one: a loop that stops before it has emptied that. */
  readonly below?: boolean;
}

/** A plain allocation that is freed by hand: `kzalloc`. */
export interface PlainMemory extends Versions {
  readonly name: string;
  /** The functions that free it. */
  readonly releases: readonly string[];
}

/** A struct of the mode-setting core that user space reaches until the last put. */
export interface KmsObject extends Versions {
  readonly struct: string;
  /** Functions that initialise one in the caller's memory, with the index of its argument. */
  readonly inits: Readonly<Record<string, number>>;
  /** Functions that clean one up by hand. */
  readonly cleanups: Readonly<Record<string, number>>;
  /** What does the same as one of `inits` and leaves the cleanup to drmm. */
  readonly managed?: Readonly<Record<string, ManagedTwin>>;
}

/** The managed twins of an initialising function. */
export interface ManagedTwin {
  /** Allocates the struct too: takes its type and the member instead of the object. */
  readonly alloc?: string;
  /** Initialises an object in the caller's memory. */
  readonly init?: string;
  /** The arguments of `init`: indexes of the old ones, or text; the same ones when absent. */
  readonly arguments?: readonly (number | string)[];
  /** Index of the table of functions, whose `destroy` has to go. */
  readonly funcs?: number;
  /** The twins take no table as well. */
  readonly optional?: boolean;
}
