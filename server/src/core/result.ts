/**
 * What the engine says, as plain data: findings with their chains, fixes as edits, and the teardown
 * order. Squiggles, CLI text, SARIF and the panel are views of these types and add nothing to them.
 */
import type { Position, TextEdit } from './text.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** How sure we are: `certain` when each link of the chain is proven, `likely` when one assumption
 * is stated in the message, `possible` when something on the way could not be decided. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** The courses that a teardown can take (docs/semantics.md). */
export type Timeline = 'unbind' | 'unplug-open' | 'probe-fail';

/** When a managed resource is given back: `bound` at unbind (devm), `drm` at the last put (drmm). */
export type Scope = 'bound' | 'drm';

/** A range in a file: `file` is relative to the report's root and has forward slashes; `start` and
 * `end` are UTF-16 offsets; `from` and `to` are the same as zero-based line and character. */
export interface Place {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly from: Position;
  readonly to: Position;
}

export type LinkRole = 'registration' | 'callback' | 'call' | 'release' | 'allocation' | 'note';

/** One step of the evidence, in reading order: registration, callback, calls, release, allocation. */
export interface ChainLink {
  readonly role: LinkRole;
  readonly place: Place;
  /** The function that holds the place. */
  readonly function: string;
  readonly message: string;
}

export interface FileEdit {
  readonly file: string;
  readonly edits: readonly TextEdit[];
}

/** `safe`: may be applied without looking; `unsafe`: compiles, but read the notice first; `manual`:
 * not offered as an edit, `reason` says why. */
export type FixSafety = 'safe' | 'unsafe' | 'manual';

export interface Fix {
  /** Stable within its rule: `to-devm`, `to-devm-keep-memory`, … */
  readonly id: string;
  readonly title: string;
  readonly safety: FixSafety;
  /** The one that the editor applies when not asked further. */
  readonly preferred: boolean;
  /** Empty when `safety` is `manual`. */
  readonly edits: readonly FileEdit[];
  /** Why there is no edit, for `manual`. */
  readonly reason?: string;
  /** What the user should know before applying. */
  readonly notice?: string;
  /** Words of its edits that the user has to replace: an editor selects them. */
  readonly placeholder?: string;
  /** Fingerprints of findings that the fixed code would have and the present code has not. */
  readonly creates: readonly string[];
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly place: Place;
  /** The function that holds the place. */
  readonly function: string;
  readonly message: string;
  readonly timelines: readonly Timeline[];
  readonly chain: readonly ChainLink[];
  readonly fixes: readonly Fix[];
  /**
   * Names the cause: rule, function and what is wrong with what. Survives edits elsewhere, other words for
   * the same, and another name of the file.
   */
  readonly fingerprint: string;
  /** What comes of the same cause and is not told apart; the chain ends with it. */
  readonly also?: readonly Also[];
}

/** A finding that another one tells with its own. */
export type Also = Pick<
  Finding,
  'rule' | 'severity' | 'fingerprint' | 'place' | 'function' | 'message'
>;

/** Something that the engine could not read or understand; the rest of the report stands. */
export interface Problem {
  readonly file: string;
  readonly message: string;
  /** Nothing of the file or folder was analysed. */
  readonly leftOut?: true;
}

export interface ModuleSummary {
  readonly name: string;
  /** Number of .c files. */
  readonly files: number;
  readonly parsedWithErrors: number;
  /** Registrations and managed allocations by scope, as written in the module's sources. */
  readonly actions: { readonly devm: number; readonly drmm: number };
}

export interface Report {
  readonly module: ModuleSummary;
  /** Ordered by file, position, rule. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

export type StepPhase = 'remove' | 'devm' | 'last-put' | 'release' | 'drmm' | 'manual';

/** One thing that is given back at teardown. */
export interface TeardownStep {
  /** The same on every timeline of an entry, and after edits that leave the registration alone. */
  readonly id: string;
  readonly phase: StepPhase;
  /** Ids of other things that were taken by hand and end here, too. */
  readonly ends?: readonly string[];
  /** Of what is taken: probe gives it back itself before it is done. */
  readonly endsInProbe?: true;
  /** The callback's name, or the managed API when it brings its own release. */
  readonly action: string;
  /** What the kernel's log calls the callback when a helper registers it: that helper's parameter. */
  readonly logged?: string;
  /** The data argument as written, or null. */
  readonly argument: string | null;
  /** What the driver calls the data when it is a helper's local: the member that it ends up in. */
  readonly keptAs?: string;
  /** What is released: action, memory, irq, mmio, device, bo, mutex, mode-object, … */
  readonly kind: string;
  /** What it gives back, in words for people, when more is known than `argument` says. */
  readonly releases: string | null;
  /** The buffer objects that its callback gives back, as that writes them. */
  readonly bos?: readonly string[];
  /** The devres group that it runs in, named after the component that opened it; null outside. */
  readonly group: string | null;
  readonly scope: Scope | null;
  /** Where it was registered; `via` lists the functions from the entry down to `function`. */
  readonly registered: {
    readonly place: Place;
    readonly function: string;
    readonly via: readonly string[];
  };
  /** Where the callback is defined, when it lies in the module. */
  readonly callback: { readonly place: Place } | null;
  readonly conditional: string | null;
  readonly repeats: string | null;
  /** Fingerprints of the findings at this registration. */
  readonly findings: readonly string[];
}

/** What is released, and in which order, when probe fails right after the registration `after`. */
export interface ProbeFailure {
  readonly after: string;
  /** The id of that registration's step: not behind each thing that is taken can probe fail. */
  readonly behind: string;
  /** The call that fails, where it is not simply the next one. */
  readonly at?: string;
  readonly steps: readonly TeardownStep[];
  /**
   * The same when registering `after` itself fails and runs its action at once (`_or_reset`); null where it does
   * not.
   */
  readonly failing?: readonly TeardownStep[] | null;
}

/** Code that the kernel runs by itself, from the step after which it can run first to the one that stops it. */
export interface Runner {
  readonly id: string;
  readonly kind: 'interrupt' | 'work' | 'open-file';
  /** The function. */
  readonly name: string;
  /** `interrupt handler`, `work item`, `.postclose of an open file`. */
  readonly what: string;
  /** Where the function is defined. */
  readonly place: Place;
  /** Id of the last thing that is taken before it can run; null when that is not known. */
  readonly begins: string | null;
  /** Index of the step that ends it on each timeline; null when none was seen. */
  readonly until: Readonly<Record<'unbind' | 'unplug-open', number | null>>;
}

/** Where a finding's hazard lies on one timeline: indices of steps. */
export interface Hazard {
  readonly finding: string;
  /** What ends there; null when it is the bound device, or is not on the timeline. */
  readonly ends: number | null;
  /** Who uses it later. */
  readonly uses: number | null;
  /** Who uses it later, when that is no step; its id is null when it has no span of its own. */
  readonly runner: {
    readonly id: string | null;
    readonly name: string;
    readonly place: Place;
  } | null;
}

export interface EntryOrder {
  readonly entry: string;
  readonly place: Place;
  /** The table that names the entry, `pci_driver` for example. */
  readonly table: string;
  /** A drm_device is in it, which user space can hold open over unplug: else `unplug-open` is `unbind` once more. */
  readonly drm: boolean;
  /** What the entry takes, in that order; the timelines hold the same steps by `id`. */
  readonly acquired: readonly TeardownStep[];
  /** The call that fails when probe fails after each of them; null when nothing more can. */
  readonly failing?: readonly (string | null)[];
  readonly runners?: readonly Runner[];
  readonly hazards?: Readonly<Record<'unbind' | 'unplug-open', readonly Hazard[]>>;
  /** What the steps cannot say, each in one sentence. */
  readonly notes?: readonly string[];
  readonly timelines: {
    readonly unbind: readonly TeardownStep[];
    readonly 'unplug-open': readonly TeardownStep[];
    readonly 'probe-fail': readonly ProbeFailure[];
  };
}

export interface ModuleOrder {
  readonly module: string;
  readonly entries: readonly EntryOrder[];
  /** Why `entries` is empty or incomplete, in one sentence; null when there is nothing to say. */
  readonly note: string | null;
}
