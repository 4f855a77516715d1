/** What is taken and given back by hand, and counted. */
import type { Versions } from './versions.ts';

/** Something that is taken by hand and has to be given back by hand. */
export interface ManualTake extends Versions {
  readonly name: string;
  /** irq, mmio, sysfs, i2c, hwmon, led, backlight, cec, aux, component, workqueue, … */
  readonly group: string;
  readonly object: 'return' | { readonly argument: number };
  /** The functions that give it back. */
  readonly releases: readonly string[];
  /** Whoever made the object with one of these need not give it back. */
  readonly unless?: readonly string[];
  /** On a device that one of these enabled, it goes on the devres list (drivers/pci/devres.c). */
  readonly listedAfter?: readonly string[];
  /** What gives it back where it is given a variable that lists it: a group of attributes. */
  readonly byList?: readonly string[];
  /** What gives it back where it is called for each child of the device, which it has made. */
  readonly perChild?: readonly string[];
  /** A second take of the same name fails while the first is held (`-EEXIST`). */
  readonly exclusive?: boolean;
  /** Words among the arguments with which the kernel finds a name of its own each time. */
  readonly automatic?: readonly string[];
  /** It lies in the folder of the device or kobject that it is given, and goes with that. */
  readonly within?: true;
  /** The argument that has to be a variable of a file: a list of the module, which outlives its devices. */
  readonly global?: number;
  /** What sets that variable up anew: what was there before is dropped, and followed no more. */
  readonly empties?: readonly string[];
  /** A reference to what others hold too: a trace does not note it. */
  readonly reference?: true;
  /** A struct of the driver's own lies in the memory that it makes, and goes with it. */
  readonly carries?: true;
  /** The argument that is the folder it lies in: it stays by itself where that is none, or a variable of a file. */
  readonly folder?: number;
  /** Members of tables of the kernel's through which it is given back: `vdev->config->del_vqs(vdev)`. */
  readonly through?: readonly string[];
  /** The functions that take away what it hangs on, and it with that. */
  readonly parents?: readonly string[];
}

/** What comes of something that stays, for a whole group of takes. */
export interface TakeGroup extends Versions {
  readonly group: string;
  /**
   * `reference`: nobody but the driver sees that it stays; `leak`: nothing calls the driver through it, or the
   * host that does is mostly its own; `system`: a driver of the system itself provides it, and is hardly ever unbound;
   * `running`: it goes on by itself.
   */
  readonly stays?: 'reference' | 'leak' | 'system' | 'running';
  /** Its references are taken and dropped all over a driver. */
  readonly counted?: true;
  /** Its object is the device that it is put on. */
  readonly onDevice?: true;
  /** Its object lies in devm memory: what gives it back ends what it does, and its members can be read on. */
  readonly inDevm?: true;
}

/** A function that gives back something of the parent device, or stops a worker. */
export interface DeviceRelease extends Versions {
  readonly name: string;
  readonly group: string;
  /** What it gives back, for messages: `interrupt`, `sysfs files`, `i2c adapter`. */
  readonly what: string;
  /** Index of the argument that is given back, absent when none names it. */
  readonly object?: number;
  /** It gives back everything of the kind that the device has. */
  readonly all?: true;
  /** What it stops cannot be started again: later attempts do nothing. */
  readonly final?: boolean;
  /** It drops a reference to anything; something of the device only where the module calls one of these. */
  readonly needs?: readonly string[];
}

/** What counts when an idle device is suspended. */
export interface RuntimePmWord extends Versions {
  readonly name: string;
  /**
   * `delays`: it is suspended some time after the last use; `hurries`: at once, and what is idle now is suspended.
   * `starts-active`: the device counts as resumed from the first, and nothing has resumed it.
   * `switches-off`: takes one from what is counted, so that the second call for one enable warns.
   */
  readonly does: 'delays' | 'hurries' | 'starts-active' | 'switches-off';
}

/** A function that does harm where what it ends has never begun. */
export interface Unbegun extends Versions {
  readonly name: string;
  /** Index of the argument that is ended. */
  readonly object: number;
  /** What begins it; without, the takes that name it among their releases. */
  readonly begins?: readonly Pick<ManualTake, 'name' | 'object'>[];
  /** For messages: `follows a NULL pointer`. */
  readonly harm: string;
}

/** What counts the references to an object; `begins`: the first one is there then. */
export interface ReferenceWord extends Versions {
  readonly name: string;
  readonly does: 'gets' | 'puts' | 'begins';
  readonly object: number;
}

/** A function that makes an object which others keep as long as they like: it calls the driver back by a table. */
export interface HandedOut extends Versions {
  readonly name: string;
  readonly what: string;
  /** The member of its argument that is the driver's. */
  readonly data: string;
  /** The struct of the table, and what of it runs last. */
  readonly ops: string;
  readonly release: string;
}

/** A call that has others follow a member of a struct until it is taken back: the struct has to stay until then. */
export interface Linked extends Versions {
  readonly name: string;
  /** For messages: `MMU notifier`. */
  readonly what: string;
  readonly object: number;
  /** It is followed once: who frees it elsewhere may have seen that. */
  readonly once?: true;
  readonly releases: readonly string[];
  /** Calls after which that has been. */
  readonly settles?: readonly string[];
}

/**
 * A call that stores or reads the pointer that a driver keeps for its device; `same`: it answers the
 * device that it is given in another type.
 */
export interface DriverData extends Versions {
  readonly name: string;
  readonly does: 'get' | 'set' | 'same';
  /** Index of the device. */
  readonly device: number;
  /** Index of what is stored. */
  readonly value?: number;
}
