/** How kernel C is read: names, macros, members, modules. */
import type { Scope } from '../result.ts';
import type { Versions } from './versions.ts';

/** The parameters that an action of a scope receives, as C text without names. */
export interface ActionShape extends Versions {
  readonly scope: Scope;
  readonly parameters: readonly string[];
  /** The header that declares the scope's API and nothing else: `drm/drm_managed.h`. */
  readonly header?: string;
  /** What every name that the header declares holds. */
  readonly prefix?: string;
}

/** Kernel macros that are not read as calls: most of them tree-sitter-c cannot read as they stand. */
export interface MaskWords {
  /** Blanked wherever they stand, with their parenthesised arguments when they have any. */
  readonly attributes: readonly string[];
  /** Read as a loop though their name holds no `for_each`. */
  readonly loops: readonly string[];
  /** Statements with a body that run once: `scoped_guard`. */
  readonly blocks: readonly string[];
  /** The kernel's version as a number, in the conditions of `#if`. */
  readonly versionCodes: readonly string[];
  /** What makes such a number of three. */
  readonly versionMakers: readonly string[];
}

/** Functions that tell whether the device is still there. */
export interface Guard extends Versions {
  readonly name: string;
  readonly role: 'enter' | 'exit';
}

/** Two words that tell a function's name from that of the one that undoes it: `disable`, `enable`. */
export interface CallPair extends Versions {
  readonly first: string;
  readonly second: string;
}

/** A word of a function's name, or the whole of it, that tells by convention what it does. */
export interface CallWord extends Versions {
  readonly word: string;
  /**
   * `ends`: it gives back, destroys or unlocks; `finds`: it looks something up; `takes`: it takes what
   * has to be given back; `keeps`: nothing has to be undone after it, whatever else its name says; `says`: it only
   * reports;
   * `writes`: at a name's end, it writes to a register; `counts`: it counts one more.
   */
  readonly role: 'ends' | 'drops' | 'finds' | 'takes' | 'keeps' | 'says' | 'writes' | 'counts';
}

/** A macro or function that answers the struct around one of its arguments: `container_of`. */
export interface Cast extends Versions {
  readonly name: string;
  readonly argument: number;
}

/**
 * A macro at file scope that registers a driver for as long as the kernel runs; or a function, with its
 * argument, that registers one whose devices user space cannot unbind.
 */
export interface BuiltIn extends Versions {
  readonly name: string;
  /** Index of the argument that is the driver's table. */
  readonly argument?: number;
  /** What takes the driver away again. */
  readonly undone?: string;
  /** It bars user space only where the driver's table says so itself. */
  readonly flagged?: true;
}

/** A member of a kernel struct whose meaning matters. */
export interface KnownMember extends Versions {
  readonly struct: string;
  readonly member: string;
  /**
   * The bound device, what a driver keeps for an open file, the device of an importer; a flag that bars user space
   * from unbinding.
   */
  readonly holds: 'parent-device' | 'file-data' | 'device-data' | 'importer' | 'stays-bound';
}

/** A kernel function that runs members of the driver's tables and hands them a device that it was given. */
export interface DeviceCall extends Versions {
  readonly name: string;
  readonly struct: string;
  readonly members: readonly string[];
  /** Which parameter of the member gets the device. */
  readonly parameter: number;
  /** Which argument of the call is the device. */
  readonly argument: number;
}

/** A kernel function or macro that looks at a result or hands it on; the schema says what each answers. */
export interface ErrorHelper extends Versions {
  readonly name: string;
  readonly argument: number;
  readonly answers:
    | 'value'
    | 'is-error'
    | 'is-error-or-null'
    | 'is-none'
    | 'error'
    | 'error-or-zero'
    | 'taken'
    | 'returned';
}

/** A macro that opens a block which may be passed over: `scoped_cond_guard`. */
export interface Section extends Versions {
  readonly name: string;
  readonly runs: 'maybe';
}

/** A call that begins a section which somebody waits for until it is left. */
export interface ReadSection extends Versions {
  readonly name: string;
  /** What leaves it; it is handed the token. */
  readonly leaves: string;
  /** The call's result, or the argument that receives it. */
  readonly token: 'return' | number;
  /** Whether the section is entered each time, or where the call answers something. */
  readonly entered: 'always' | 'something';
  /** What waits for it: `drm_dev_unplug()`. */
  readonly waits: string;
}

/** A call that ends what other steps of the same way out still need: they belong before it. */
export interface StepOrder extends Versions {
  readonly name: string;
  readonly object: number;
  /** What it ends, for messages: `the panel's power`. */
  readonly ends: string;
  /** What a later step is worth then: `the panel is switched off without power`. */
  readonly harm: string;
  /** Steps that need it. */
  readonly needed: readonly NeededStep[];
  /** Calls that need it themselves, whatever they are handed. */
  readonly talks?: readonly string[];
  /** What brings it back. */
  readonly begins: readonly string[];
}

/** A step that belongs before: by its name, with the object that has to be the same one. */
export interface NeededStep {
  readonly name: string;
  readonly object?: number;
  /** The member of a driver's table that it runs: it needs what has ended where that leads to one of `talks`. */
  readonly runs?: { readonly struct: string; readonly member: string };
}

/** Where the kernel's documentation describes the functions of a header. */
export interface DocumentationPage extends Versions {
  /** A header, or a folder of headers; of several that fit the first counts. */
  readonly header: string;
  /** Below docs.kernel.org: `gpu/drm-internals.html`. */
  readonly page: string;
  /** The place in the page; `{name}` stands for the function's name. */
  readonly fragment: string;
}

/** A macro that gives the function that it names to other modules: `EXPORT_SYMBOL`. */
export interface Export extends Versions {
  readonly name: string;
}

/** Public headers of a library that modules call, and the folder that holds its modules. */
export interface Library extends Versions {
  /** What the headers' names start with, as included: `drm/bridge/`. */
  readonly headers: string;
  readonly folder: string;
}

/** A macro at file scope that names what runs when the module comes, or goes. */
export interface Initcall extends Versions {
  readonly name: string;
  readonly does: 'init' | 'exit';
}
