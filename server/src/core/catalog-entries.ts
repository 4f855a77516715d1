/**
 * What the catalogue's files say, kind by kind, as data. Each entry names the header that it was read from;
 * `server/catalog/catalog.schema.json` is the same for JSON.
 */
import type { Scope, Timeline } from './result.ts';

/** Kernel versions `major.minor` in which an entry holds; absent bounds are open. */
export interface Versions {
  readonly since?: string;
  /** First version in which it no longer holds. */
  readonly until?: string;
  /** `include/drm/drm_managed.h:41` of the newest version read; what a user adds may have none. */
  readonly source?: string;
}

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

/** A struct of function pointers that a bus or the DRM core calls. */
export interface OpsTable extends Versions {
  /** `pci_driver`, `component_ops`, … */
  readonly struct: string;
  readonly bus?: string;
  readonly hotplug?: boolean;
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

/** A word in the name of a TTM placement or of its manager: `vram`, `tt`. */
export interface MemoryDomain extends Versions {
  readonly word: string;
  /** Its pages are mapped for DMA; eviction moves BOs from the others into it. */
  readonly mapped: boolean;
  /** It lies below the mapped one: a loop that stops before it has emptied that. */
  readonly below?: boolean;
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

/** A plain allocation that is freed by hand: `kzalloc`. */
export interface PlainMemory extends Versions {
  readonly name: string;
  /** The functions that free it. */
  readonly releases: readonly string[];
}

/** A macro or function that answers the struct around one of its arguments: `container_of`. */
export interface Cast extends Versions {
  readonly name: string;
  readonly argument: number;
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

/** A macro that names the function which runs when a module is loaded, or unloaded. */
export interface ModuleEntryWord extends Versions {
  readonly name: string;
  readonly does: 'init' | 'exit';
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

/** What a call means for the life of a drm_device or its hardware. */
export type MilestoneRole =
  | 'dev-alloc' // a refcounted drm_device that the driver puts by hand
  | 'dev-get'
  | 'dev-put'
  | 'register'
  | 'unregister'
  | 'unplug'
  | 'shutdown'
  | 'poll-init'
  | 'poll-fini'
  | 'mode-config-init'
  | 'mode-config-cleanup'
  | 'attach-output' // takes a bridge or panel that makes the connector
  | 'clear-dma'
  | 'evict'
  | 'ttm-init'
  | 'shmem-map' // maps a GEM shmem object for DMA until the object goes
  | 'user-pages' // looks up the pages of user memory, for the caller to map them
  | 'user-map' // does both
  | 'mmio-access'
  | 'needs-device' // resets or powers the device, or sends it a message
  | 'runtime-pm-enable'
  | 'runtime-pm-disable'
  | 'queue-work'
  | 'init-work'
  | 'software-release' // ends something that is memory only: no device is needed
  | 'run-callback' // calls the function that it is given: `kref_put`
  | 'answer-once'; // has the function that it is given called once, later: `request_firmware_nowait`

export interface Milestone extends Versions {
  readonly name: string;
  readonly role: MilestoneRole;
  /** Index of the argument that it is about. */
  readonly object?: number;
  /** Index of the handler argument (init-work, run-callback, answer-once). */
  readonly handler?: number;
  /** The member of the object that is given the handler, where no argument is. */
  readonly handlerMember?: string;
  /** It does so for each child of its object (run-callback). */
  readonly perChild?: true;
  /** Only for drivers whose tables have a member that begins so (shutdown): `atomic_`. */
  readonly members?: string;
  /** What stops the work, the best first; those that the kernel's version lacks are passed over (init-work). */
  readonly stops?: readonly string[];
  /** What waits for it and keeps it from running until it is let go on (init-work). */
  readonly pauses?: readonly string[];
  /** It writes to the device (mmio-access). */
  readonly writes?: true;
  /** What is left to do where another owner drops the reference (dev-put): it also unregisters. */
  readonly remainder?: string;
  /** Lines of C that do it for every object of an owner: `$owner` is the first argument, `$i` a counter (evict). */
  readonly sweep?: readonly string[];
}

/** A kernel function that calls back into a table of the driver. */
export interface CallbackCaller extends Versions {
  readonly name: string;
  readonly struct: string;
  readonly members: readonly string[];
  readonly note?: string;
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

/** A function or macro that looks at a pointer's value and follows it nowhere: `IS_ERR`. */
export interface Observer extends Versions {
  readonly name: string;
  readonly note?: string;
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

/** A test, command or option that shows a finding on a running kernel; `blind`: one that does not. */
export interface Reproducer extends Versions {
  readonly kind: 'igt' | 'command' | 'option' | 'blind';
  /** As it is typed. BUS stands for the bus; DEVICE and DRIVER are for the reader. */
  readonly name: string;
  /** The courses of teardown that it takes, or misses. */
  readonly timelines: readonly Timeline[];
  /** Buses that it works on, rules that it helps with, drivers that it is for; without them, all. */
  readonly buses?: readonly string[];
  readonly rules?: readonly string[];
  readonly folders?: readonly string[];
  /** What it does, or why it misses. */
  readonly what: string;
}

/** A macro at file scope that names what runs when the module comes, or goes. */
export interface Initcall extends Versions {
  readonly name: string;
  readonly does: 'init' | 'exit';
}

/** One way in which a stress kit takes a driver down while something holds its device. */
export interface StressScenario extends Versions {
  readonly name: string;
  /** What holds the device meanwhile (server/stress/hold.c); `job` is a program that the user names. */
  readonly hold:
    | 'none'
    | 'open'
    | 'bo'
    | 'map'
    | 'dmabuf'
    | 'kms'
    | 'flip'
    | 'busy'
    | 'job'
    | 'hwmon'
    | 'sysfs'
    | 'debugfs'
    | 'console';
  /** How the driver goes: `rebind` binds it again while the device is held, `fail` lets probe fail. */
  readonly end: 'unbind' | 'rebind' | 'remove' | 'rmmod' | 'fail';
  readonly timelines: readonly Timeline[];
  /** Only for drivers with a drm_device, on these buses, and that mention one of these words. */
  readonly drm?: true;
  readonly buses?: readonly string[];
  readonly offers?: readonly string[];
  /**
   * The tables whose functions it runs late, and the rules whose findings it shows beside; without both, all on its
   * timelines.
   */
  readonly structs?: readonly string[];
  readonly rules?: readonly string[];
  readonly what: string;
}

/** What a stress kit looks for when all should be gone. */
export interface Leftover extends Versions {
  /** As the kit calls it: `DT: left interrupt 24 qxl`. */
  readonly name: string;
  /** The kinds of steps that should have ended it. */
  readonly kinds: readonly string[];
  readonly what: string;
}

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
  readonly moduleEntries: readonly ModuleEntryWord[];
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
