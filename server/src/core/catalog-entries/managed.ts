/** What devm and drmm own: registrations, allocations, actions, and how they stand in a log. */

import type { Scope } from '../result.ts';
import type { ManualTake } from './takes.ts';
import type { Versions } from './versions.ts';

export type ManagedRole =
  | 'add-action' // registers the callback argument
  | 'release-action' // runs a registered callback now and removes it
  | 'remove-action' // removes a registered callback without running it
  | 'alloc-memory' // returns managed memory
  | 'free-memory' // frees managed memory early
  | 'acquire' // takes a resource and registers its release
  | 'alloc-object' // allocates a struct and initialises the object embedded in it
  | 'init-object' // initialises an object in the caller's memory and registers its cleanup
  | 'device-alloc'; // allocates the drm_device, registers its put

/** A managed API: what it registers, in which scope. */
export interface ManagedApi extends Versions {
  readonly name: string;
  readonly scope: Scope;
  readonly role: ManagedRole;
  /** Index of the argument that names the scope's owner. */
  readonly device: number;
  /** How the owner is passed: `drm_device`, `device`, `platform_device`, `pci_dev`, … */
  readonly owner: string;
  /** Index of the callback argument (add-, release-, remove-action). */
  readonly callback?: number;
  /** Index of the data argument that the callback receives. */
  readonly data?: number;
  /** What is given back: action, memory, irq, mmio, clock, regulator, gpio, mutex, workqueue, … */
  readonly kind: string;
  /** Runs the action at once when registering fails. */
  readonly orReset?: boolean;
  /** Index of the argument whose object gets one release, at the first of several calls. */
  readonly perObject?: number;
  /** The same in the other scope, with the same arguments but for the owner. */
  readonly counterpart?: string;
  /** Index of the argument that points to the initialised object's memory (init-object). */
  readonly object?: number;
  /** Index of the argument that names what ends the memory, once an API with `resource` has put it on a list. */
  readonly release?: number;
  /** The callback argument is memory of an API with `release`, whose function is registered. */
  readonly resource?: true;
  /** What the caller has to test: an error number, a pointer, or nothing. */
  readonly returns?: 'error' | 'pointer' | 'void';
  /** Takes another reference to the object, which stays until that is put. */
  readonly reference?: string;
  /**
   * Why its failure is often ignored: it costs speed only, another call tells of it, or the name is from when it
   * could not fail.
   */
  readonly ignorable?: 'harmless' | 'told' | 'old-name';
  /** It takes a framebuffer that the firmware has set up, on a display that the driver cannot switch. */
  readonly display?: 'firmware';
  readonly note?: string;
}

/** A function that gives something back by hand which a managed function gives back as well, and so twice. */
export interface Double extends Versions {
  readonly name: string;
  /** Index of the argument that is given back. */
  readonly object: number;
  /** The managed functions, and where they have the object: none of them is told that it is gone. */
  readonly of: readonly string[];
  readonly taken: ManualTake['object'];
  /** What takes one more, that the managed functions know nothing of: a reference that has to be given back by hand. */
  readonly unless?: readonly string[];
}

/** A kernel function that calls managed ones for the driver: `mipi_dbi_dev_init()`. */
export interface ManagedHelper extends Versions {
  readonly name: string;
  /** In that order. */
  readonly takes: readonly HelperTake[];
}

export interface HelperTake {
  /** The managed function. */
  readonly api: string;
  /** Index of the helper's argument that names the owner, or holds it. */
  readonly device: number;
  /** In a few words, when it does so; absent: always. */
  readonly when?: string;
}

/** A function that marks or releases a part of a device's devres list. */
export interface DevresGroup extends Versions {
  readonly name: string;
  readonly does: 'open' | 'close' | 'release' | 'remove';
  /** Index of the argument that names the group; NULL means the newest. */
  readonly id: number;
}

/** What a bus or the driver core does at unbind beside the driver's remove and devres. */
export interface UnbindStep extends Versions {
  readonly name: string;
  readonly buses: readonly string[];
  readonly when: 'before-devres' | 'after-devres';
  /** What is given back, for messages. */
  readonly what: string;
}

/** A name that the kernel's log gives to what a function adds to the devres or drmm list. */
export interface LogName extends Versions {
  readonly name: string;
  /** The managed functions that add it; none: only the kernel's own code does. */
  readonly apis: readonly string[];
  /** The managed functions that add it beside what another name stands for; in both lists: they add several. */
  readonly beside?: readonly string[];
  /** Those of the functions that add nothing on some kernels, or for some devices. */
  readonly sometimes?: readonly string[];
  /** The kernel's own code adds some too. */
  readonly own?: boolean;
  /** `device`: the first of a drm_device's own; `reference`: drops the reference that the bound device has. */
  readonly marks?: 'device' | 'reference';
}
