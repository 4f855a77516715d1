/** Who runs functions of a driver: tables, nodes, interrupts, transfers, callers. */
import type { Versions } from './versions.ts';

/** A struct of function pointers that a bus or the DRM core calls. */
export interface OpsTable extends Versions {
  /** `pci_driver`, `component_ops`, … */
  readonly struct: string;
  readonly bus?: string;
  readonly hotplug?: boolean;
  /** Its devices' registers lie behind a bus: a clock of the chip is not needed to reach them. */
  readonly serial?: boolean;
  /** Its devices lie outside of the machine: at reboot their bus stops, whatever they do. */
  readonly outside?: true;
  /** Member name (dotted for nested members) to role. */
  readonly members: Readonly<Record<string, OpsRole>>;
  /** The members that run when a file, a mapping or the last reference to an object goes: after unbind, too. */
  readonly closing?: readonly string[];
  /** Members in pairs: what the first takes, the second gives back; one that fails is not followed by it. */
  readonly undoes?: Readonly<Record<string, string>>;
  /** Members that the kernel looks at before it calls them: a table may do without. */
  readonly optional?: readonly string[];
  /** The members that the kernel goes on to call after unplug, as long as the file, mapping or buffer is there. */
  readonly lasting?: readonly string[];
  /** The members that the core calls between drm_dev_enter() and drm_dev_exit(). */
  readonly guarded?: readonly string[];
  /** What makes files of it that stay open over unplug: else a table is for a node of debugfs, gone by then. */
  readonly opened?: Opened;
  /** The members that run when the outputs are switched off: `drm_atomic_helper_shutdown()` calls them. */
  readonly disabling?: readonly string[];
  /** The members that a call of the driver runs before it returns: `pm_runtime_put_sync()` suspends. */
  readonly runBy?: Readonly<Record<string, readonly string[]>>;
  /** Macros that make an element of an array of it: which argument becomes which member. */
  readonly elements?: Readonly<Record<string, ElementMacro>>;
}

export interface Opened {
  /** Structs whose tables name it. */
  readonly tables: readonly string[];
  /** Functions that are given it, with the argument. */
  readonly calls: Readonly<Record<string, number>>;
}

export interface ElementMacro {
  readonly argument: number;
  readonly member: string;
}

export type OpsRole =
  | 'probe'
  | 'bind'
  | 'remove'
  | 'unbind'
  | 'shutdown'
  | 'release'
  | 'last-put'
  | 'open-file'
  /** A file that goes with its node when the device is unregistered: debugfs waits for those under way. */
  | 'node-file'
  | 'other';

/**
 * A call that lets an interrupt handler run, or keeps it from running any more; `settles`: nothing that was asked of
 * the device is under way after it, so that a handler which turns its source off at the end of each has done so.
 */
export interface Interrupt extends Versions {
  readonly name: string;
  readonly does: 'request' | 'end' | 'quiet' | 'settles';
  /** Indices of the handler arguments (request), of those that have to be NULL (end). */
  readonly handlers?: readonly number[];
  /** Index of the flags; without one the line is always shared. */
  readonly flags?: number;
  /** The flag that shares the line with other devices. */
  readonly shared?: string;
  /** The flag with which the line stays disabled until the driver enables it. */
  readonly unarmed?: string;
  /** devres frees it, after remove(). */
  readonly managed?: boolean;
}

/** An object that open files keep: the core works on it until the last close. */
export interface FileNode extends Versions {
  readonly struct: string;
  /** For messages: `the video device`. */
  readonly what: string;
  /** Who makes it known, and which argument it is. */
  readonly begins: readonly { readonly name: string; readonly object: number }[];
  /** For messages: what the last close does with it. */
  readonly close: string;
  /** The core itself follows only its table of file operations: the driver's functions have to reach the memory. */
  readonly only?: 'driver';
  /** How it is given the table of its files' functions: by a member of the struct, or by a call. */
  readonly operations?:
    | { readonly member: string }
    | { readonly call: string; readonly argument: number };
}

/** Something that a driver registers and through which others run its functions until it is taken down. */
export interface NodeGroup extends Versions {
  readonly group: string;
  /** For messages: `the hwmon device`. */
  readonly what: string;
  /** The members of structs whose functions run. */
  readonly runs?: readonly { readonly struct: string; readonly members: readonly string[] }[];
  /** Every function with a pointer to this struct among its parameters runs. */
  readonly parameter?: string;
  /** The parameter is the only one, and no function of the module calls the one that has it. */
  readonly alone?: true;
  /** Macros among the elements of a table whose arguments run: `RUNTIME_PM_OPS`. */
  readonly elements?: readonly string[];
  /** Macros at file scope that make a table of what runs. */
  readonly makers?: readonly TableMaker[];
  /** Each driver of a module has its own: those of another file are meant where no other file has any. */
  readonly ofDriver?: true;
  /** The group of the takes whose references keep it from running. */
  readonly heldBy?: string;
  /** It runs after the kernel has called the drivers' shutdown functions, or at a panic, whenever that is. */
  readonly afterShutdown?: true;
  readonly begins: readonly {
    readonly name: string;
    /** Indexes of the arguments that run. */
    readonly handlers?: readonly number[];
    /** A variable of the kernel's that has to be among the arguments. */
    readonly given?: string;
    readonly managed?: boolean;
    /** devres takes it down where one of these made it: `devm_input_allocate_device()`. */
    readonly managedAfter?: readonly string[];
  }[];
  readonly ends: readonly string[];
}

/** What is done to a transfer that is under way by itself, an URB: its function runs when it is done. */
export interface TransferWord extends Versions {
  readonly name: string;
  /**
   * `stops`: it can be started again; `ends`: it cannot; `waits`: what was started may be done then; `needs-stop`: a
   * member of the driver's table without which the core has stopped all but control transfers before the way out.
   */
  readonly does: 'fills' | 'starts' | 'stops' | 'ends' | 'waits' | 'needs-stop';
  /** The transfer, or what holds several. */
  readonly object?: number;
  /** The function that runs when it is done. */
  readonly handler?: number;
  /** It goes to the device and not to one of its interfaces. */
  readonly control?: true;
}

/** A macro that makes a table, named after its first word; without `runs`, its other words are the functions. */
export interface TableMaker {
  readonly name: string;
  /** What the table's name ends in. */
  readonly table?: string;
  /** What the names of the functions end in. */
  readonly runs?: readonly string[];
}

/** A kernel function that calls back into a table of the driver. */
export interface CallbackCaller extends Versions {
  readonly name: string;
  readonly struct: string;
  readonly members: readonly string[];
  readonly note?: string;
}

/** A function or macro that looks at a pointer's value and follows it nowhere: `IS_ERR`. */
export interface Observer extends Versions {
  readonly name: string;
  readonly note?: string;
}

/** A kernel function that runs members of the driver's tables before it returns. */
export interface Dispatch extends Versions {
  readonly name: string;
  readonly struct: string;
  readonly members: readonly string[];
  /**
   * `open`: each member runs in a devres group of its own; `release`: in reverse, each group released after its
   * member.
   */
  readonly groups?: 'open' | 'release';
  readonly note?: string;
}
