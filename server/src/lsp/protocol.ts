/**
 * The requests that this server adds to LSP. The client imports these types and nothing else of the
 * server. Other editors may use them too: docs/lsp-extensions.md.
 */
import type { Command, Range, WorkspaceEdit } from 'vscode-languageserver';
import type { Scope, Severity, StepPhase, Timeline } from '../core/result.ts';

/** Request: the teardown order of the module that holds a document. */
export const orderRequest = 'driverTeardown/order';
export interface OrderParams {
  readonly uri: string;
}

/** Notification to the client: the order of some module changed (an edit, a file on disk). */
export const orderChanged = 'driverTeardown/orderChanged';

/**
 * Notification from the client: the user trusts the workspace now. A client that says
 * `trusted: false` in its `initializationOptions` sends it; until then git is not run.
 */
export const trustGranted = 'driverTeardown/trustGranted';

/**
 * Request to the client, from a server in a worker: what folders list and files hold, each in the order of the
 * question. A server on a disk never asks. The bytes go as they are: a worker's messages are copied, not written as
 * JSON.
 */
export const filesRequest = 'driverTeardown/files';
export interface FilesParams {
  /** URIs. */
  readonly folders: readonly string[];
  /** URIs. */
  readonly files: readonly string[];
}
export interface FilesResult {
  /** Names of entries; null for a folder that cannot be listed. */
  readonly folders: readonly (readonly FolderEntry[] | null)[];
  /** Null for a file that cannot be read. */
  readonly files: readonly (Uint8Array | null)[];
}
export type FolderEntry = readonly [name: string, kind: 'file' | 'folder'];

/** What a worker is sent before anything else: it cannot read the extension's own files. */
export interface WorkerStart {
  /** The URI of the folder with the rules' pages. */
  readonly rules: string;
  /** tree-sitter-c.wasm. */
  readonly grammar: Uint8Array;
  /** web-tree-sitter.wasm. */
  readonly runtime: Uint8Array;
}

export interface OrderLocation {
  readonly uri: string;
  readonly range: Range;
}

/** A finding at a step, with the evidence that leads to it. */
export interface OrderFinding {
  /** What requests about its fixes name it by. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: OrderLocation;
  readonly chain: readonly { readonly message: string; readonly location: OrderLocation }[];
}

/** Where a hazard touches a step: something ends there, or what has ended is used there. */
export interface OrderMark {
  readonly kind: 'ends' | 'uses';
  /** What it says, for people. */
  readonly text: string;
  /** The step at the hazard's other end, from 1; null when that is a runner or the bound device. */
  readonly other: number | null;
  /** Where the other end is. */
  readonly location: OrderLocation | null;
  readonly finding: OrderFinding;
}

/** Code that the kernel runs by itself over a stretch of the timeline. */
export interface OrderRunner {
  readonly id: string;
  readonly kind: 'interrupt' | 'work' | 'open-file';
  /** The function. */
  readonly name: string;
  /** `interrupt handler`, … */
  readonly what: string;
  readonly location: OrderLocation;
  /** The step after which it cannot run any more, from 1; null when none was seen. */
  readonly until: number | null;
  /** What it uses although that has ended. */
  readonly marks: readonly OrderMark[];
}

/** Steps next to one another that do the same, from 1 and as many. */
export interface OrderRun {
  readonly from: number;
  readonly count: number;
  /** `10 managed BOs`. */
  readonly name: string;
  /** The things of it, as many as fit in a row. */
  readonly things: string;
}

export interface OrderStep {
  /** What the row is called: the thing as the driver calls it, or the call. */
  readonly name: string;
  /** Who gives it back, where the name does not say that. */
  readonly by: string | null;
  readonly marks: readonly OrderMark[];
  /** The same on every timeline of an entry, and after edits that leave the registration alone. */
  readonly id: string;
  readonly phase: StepPhase;
  readonly action: string;
  readonly argument: string | null;
  readonly kind: string;
  /** What it gives back, in words for people, when more is known than `argument` says. */
  readonly releases: string | null;
  /** The buffer objects that end there, as the driver calls them. */
  readonly bos?: readonly string[];
  /** The devres group that it runs in; null outside. */
  readonly group: string | null;
  readonly scope: Scope | null;
  readonly registered: OrderLocation;
  readonly function: string;
  readonly via: readonly string[];
  readonly callback: OrderLocation | null;
  readonly conditional: string | null;
  readonly repeats: string | null;
  readonly findings: readonly OrderFinding[];
}

export interface OrderTimeline {
  readonly timeline: Timeline;
  readonly title: string;
  readonly steps: readonly OrderStep[];
  /** Where several steps can stand as one row. */
  readonly runs: readonly OrderRun[];
  /** What runs by itself, on the timelines of unbind. */
  readonly runners: readonly OrderRunner[];
  /** Of a failing probe: what it had taken and is not seen to give back. */
  readonly left?: readonly OrderLeft[];
}

export interface OrderLeft {
  readonly name: string;
  /** What it is, in one word: `irq`, `workqueue`. */
  readonly kind: string;
  readonly location: OrderLocation;
  readonly conditional: string | null;
  /** How many ways of probe take it there. */
  readonly count: number;
}

export interface OrderEntry {
  readonly id: string;
  readonly entry: string;
  readonly table: string;
  readonly location: OrderLocation;
  /** What the entry takes, in that order: the names of the steps after which probe can fail. */
  readonly acquired: readonly {
    readonly id: string;
    readonly name: string;
    /** The call that fails when probe fails after it; null when nothing more can. */
    readonly fails: string | null;
    /** The functions below the entry that probe is in then, from the outside to the inside. */
    readonly path: readonly string[];
  }[];
  /** `unbind` and `unplug-open`; a failure of probe is asked for by `driverTeardown/probeFailure`. */
  readonly timelines: readonly OrderTimeline[];
  /** What the steps cannot say, each in one sentence. */
  readonly notes: readonly string[];
}

export interface OrderResult {
  readonly module: string;
  readonly entries: readonly OrderEntry[];
  /** Why there is nothing to show, or what is missing. */
  readonly note: string | null;
}

/** Request: what is released when probe fails after a step; null when there is no such step. */
export const probeFailureRequest = 'driverTeardown/probeFailure';
export interface ProbeFailureParams {
  readonly uri: string;
  /** `OrderEntry.id`. */
  readonly entry: string;
  /** The step after which probe fails, from 1, as counted in `OrderEntry.acquired`. */
  readonly step: number;
}

/** Request: what works with the thing of a step, and what running the step works with; null when it is gone. */
export const relationsRequest = 'driverTeardown/relations';
export interface RelationsParams {
  readonly uri: string;
  /** `OrderEntry.id`. */
  readonly entry: string;
  readonly timeline: 'unbind' | 'unplug-open';
  /** `OrderStep.id`. */
  readonly step: string;
}
export interface OrderRelation {
  /** Of the step that uses or is used. */
  readonly name: string;
  /** Its number on the timeline; null for a runner, and for what is not given back there. */
  readonly number: number | null;
  /** Why it matters: `ends before`, `interrupt handler`, … */
  readonly note: string;
  /** The call that uses it. */
  readonly location: OrderLocation;
  /** On this timeline it comes too late, or the thing is gone too early. */
  readonly late: boolean;
}
export interface RelationsResult {
  readonly name: string;
  /** What depends on this. */
  readonly dependents: readonly OrderRelation[];
  /** What must still be alive here. */
  readonly needs: readonly OrderRelation[];
}

/** Request: how an entry gets to a registration; null when the step is gone. */
export const callersPathRequest = 'driverTeardown/callersPath';
export interface CallersPathParams {
  readonly uri: string;
  /** `OrderEntry.id`. */
  readonly entry: string;
  /** `OrderStep.id`. */
  readonly step: string;
}

/** One function on the way: `location` is its call of the next one, last the registration itself. */
export interface CallersPathLink {
  readonly function: string;
  readonly location: OrderLocation;
}

/** Request: the lifetimes of the module that holds a document, as a picture. */
export const lifetimesRequest = 'driverTeardown/lifetimes';
export interface LifetimesParams {
  readonly uri: string;
  /** `OrderEntry.id`; null for the one with most findings. */
  readonly entry: string | null;
  readonly timeline: Timeline;
  /** For `probe-fail`: after which step probe fails, from 0; null for the last. */
  readonly failure: number | null;
  /** The width to fill, in pixels. */
  readonly width: number;
  /** Ids of closed groups; null closes those without findings when there are many. */
  readonly collapsed: readonly string[] | null;
  readonly findingsOnly: boolean;
  readonly filter: string;
  /** `host`: for a page that brings colours and interaction; else a file that stands alone. */
  readonly scheme: 'host' | 'auto' | 'light' | 'dark';
}

export interface LifetimesResult {
  readonly module: string;
  readonly entries: readonly { readonly id: string; readonly name: string }[];
  /** What is drawn: the ids and numbers that `null` in the request stood for. */
  readonly entry: string | null;
  readonly failure: number;
  /** For `probe-fail`: the names of the steps after which probe can fail. */
  readonly failures: readonly string[];
  readonly groups: readonly string[];
  readonly collapsed: readonly string[];
  /** SVG; its rows have `data-id`, a key of `places`. Null when there is nothing to draw. */
  readonly svg: string | null;
  /** For `host`: the rows, which go into the element of class `rows` as far as they are in sight. */
  readonly rows: readonly {
    readonly id: string;
    readonly isGroup: boolean;
    /** The middle, in the picture. */
    readonly y: number;
    readonly svg: string;
  }[];
  /** How the hazards of a row come about. */
  readonly chains: Readonly<
    Record<string, readonly { readonly message: string; readonly location: OrderLocation }[]>
  >;
  /** What the picture does not show, each in one sentence. */
  readonly notes: readonly string[];
  /** CSS for `host`; it uses the custom properties `--picture-…`. */
  readonly style: string;
  /** Where a row leads: its finding, else its registration. */
  readonly places: Readonly<Record<string, OrderLocation>>;
  /** Why there is nothing to draw, or what is missing. */
  readonly note: string | null;
}

/** Command (workspace/executeCommand) with a folder's URI: checks every module below it. */
export const checkFolderCommand = 'driverTeardown.checkFolder';
export interface CheckFolderResult {
  readonly modules: number;
  readonly files: number;
  readonly findings: number;
}

/** What `driverTeardown/orderChanged` carries: a document for which `driverTeardown/order` was asked. */
export interface OrderChangedParams {
  readonly uri: string;
}

/** Notification to a client that said `moduleStatus`: how a document's modules stand. */
export const moduleStatus = 'driverTeardown/moduleStatus';
export interface ModuleStatusParams {
  readonly uri: string;
  /** Its name, or names; the document's while that is not known; empty when no module has it. */
  readonly module: string;
  /**
   * `given-up`: the user did not want to wait, and `driverTeardown.readModule` reads it after all;
   * `failed`: it went wrong, and the log says how.
   */
  readonly state: 'reading' | 'read' | 'given-up' | 'failed';
  /** While files are parsed: how many are done, of how many. */
  readonly done?: number;
  readonly total?: number;
  /** When it is read: findings of the whole module by severity, and in how many files they are. */
  readonly counts?: Readonly<Record<Severity, number>>;
  readonly files?: number;
  /** The findings in the document itself. */
  readonly here?: Readonly<Record<Severity, number>>;
}

/** Command (workspace/executeCommand) with a document's URI: reads a module that was given up. */
export const readModuleCommand = 'driverTeardown.readModule';

/** Request: the teardown order before and after a fix; null when the fix is gone or does not fit. */
export const whatIfRequest = 'driverTeardown/whatIf';
export interface WhatIfParams {
  readonly uri: string;
  /** The finding's, as in `Diagnostic.data`. */
  readonly fingerprint: string;
  /** The fix's id. */
  readonly fix: string;
}

export interface WhatIfFinding {
  readonly severity: Severity;
  readonly rule: string;
  readonly message: string;
  /** Where it is: of what a fix creates, in the text as the fix would leave it. */
  readonly location: OrderLocation;
}

/** A step that is gone, new or elsewhere, by its numbers from 1; or as many as stay where they are. */
export type OrderChangeRow =
  | { readonly kind: 'same'; readonly count: number }
  | {
      readonly kind: 'gone' | 'new' | 'moved';
      readonly name: string;
      readonly by: string | null;
      readonly phase: StepPhase;
      readonly before: number | null;
      readonly after: number | null;
      readonly location: OrderLocation;
    };

/** What changes on one timeline of an entry. */
export interface OrderChange {
  readonly entry: string;
  readonly timeline: 'unbind' | 'unplug-open';
  readonly title: string;
  readonly rows: readonly OrderChangeRow[];
}

export interface WhatIfResult {
  readonly title: string;
  readonly removes: readonly WhatIfFinding[];
  readonly creates: readonly WhatIfFinding[];
  readonly before: OrderResult;
  readonly after: OrderResult;
  /** The timelines on which the order changes. */
  readonly changes: readonly OrderChange[];
  /** What to know before it is applied; null when there is nothing. */
  readonly notice: string | null;
}

/** Request: a kernel's log beside the order of the document's module; null when the document is not open. */
export const compareLogRequest = 'driverTeardown/compareLog';
export interface CompareLogParams {
  readonly uri: string;
  /** The log as it is. */
  readonly text: string;
}
export type LogState =
  | 'in-order'
  | 'out-of-order'
  | 'never-ran'
  | 'not-registered'
  | 'not-reached'
  | 'not-taken'
  | 'unpredicted'
  | 'not-logged';
export interface ComparedLog {
  readonly module: string;
  readonly entry: string;
  /** The timeline that fits the log best. */
  readonly timeline: Timeline;
  readonly title: string;
  readonly device: string;
  readonly lines: { readonly first: number; readonly last: number };
  readonly counts: Readonly<Record<LogState, number>>;
  readonly notes: readonly string[];
  /** What the kernel found wrong, with the index of the step at which it did; null: before the first, or at none. */
  readonly troubles: readonly LogTrouble[];
  readonly steps: readonly {
    readonly state: LogState;
    readonly name: string;
    readonly phase: StepPhase | null;
    /** The line of the log. */
    readonly line: number | null;
    readonly location: OrderLocation | null;
  }[];
}
/** A line in which the kernel says that something is wrong: KASAN, a warning, an oops. */
export interface LogTrouble {
  readonly text: string;
  readonly line: number;
  readonly step: number | null;
  /** The functions on its stack, from the innermost outwards. */
  readonly stack: readonly string[];
}

/** What the log of a stress kit shows. */
export interface ComparedStress {
  readonly module: string;
  readonly hazards: readonly {
    readonly state: 'seen' | 'not-shown' | 'not-tried';
    readonly fingerprint: string;
    readonly rule: string;
    readonly severity: OrderFinding['severity'];
    readonly message: string;
    readonly location: OrderLocation;
    /** Where it was seen, else what was done that may show it, else what would. */
    readonly scenarios: readonly string[];
    /** What showed it. */
    readonly troubles: readonly LogTrouble[];
  }[];
  /** What no finding predicted. */
  readonly unpredicted: readonly {
    readonly trouble: LogTrouble;
    readonly scenario: string;
    readonly times: number;
  }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly state: 'done' | 'stopped' | 'left-out' | 'cut';
    /** Why it was left out, or could not be compared; null when there is a comparison. */
    readonly problem: string | null;
    readonly comparison: ComparedLog | null;
    readonly troubles: readonly LogTrouble[];
  }[];
}

export interface CompareLogResult {
  readonly comparison: ComparedLog | null;
  /** Of a stress kit's log, which has no other comparison. */
  readonly stress: ComparedStress | null;
  /** In one sentence why there is no comparison; null when there is one. */
  readonly problem: string | null;
}

/** What the commands about a finding's fixes carry: which of the fixes is meant is asked there. */
export interface FindingFixes {
  readonly uri: string;
  readonly fingerprint: string;
  /** Those that have edits. */
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
}

/**
 * Request: which fixes of a finding have edits; null when there is none, or the finding is gone. Answered with
 * `FindingFixes`.
 */
export const findingFixesRequest = 'driverTeardown/findingFixes';
export interface FindingFixesParams {
  readonly uri: string;
  readonly fingerprint: string;
}

/** Command of the client, with `FindingFixes`: shows the answer to `driverTeardown/whatIf`. */
export const showWhatIfCommand = 'driverTeardown.showWhatIf';

/** Request, with `WhatIfParams`: a fix's edits, for a preview; null when the fix is gone. */
export const fixEditRequest = 'driverTeardown/fixEdit';
export interface FixEditResult {
  readonly title: string;
  readonly edit: WorkspaceEdit;
  /** A command of the server to run when the edits are applied; null when there is nothing to say. */
  readonly afterwards: Command | null;
}

/** Command of the client, with `FindingFixes`: shows the answer to `driverTeardown/fixEdit` before it is applied. */
export const previewFixCommand = 'driverTeardown.previewFix';

/** Command that follows a fix with something to know: shows it as a message, in every editor. */
export const fixAppliedCommand = 'driverTeardown.fixApplied';
export interface FixAppliedParams {
  readonly title: string;
  readonly notice: string;
  /** Fingerprints of findings that the fixed code has and the code had not. */
  readonly creates: readonly string[];
}

/**
 * Command of the client, with `FixAppliedParams`: says it with a way to the findings that are new, in place of
 * `driverTeardown.fixApplied`.
 */
export const tellOfFixCommand = 'driverTeardown.tellOfFix';

/** Kind of the code action that silences a finding by a comment. */
export const ignoreKind = 'quickfix.ignore';

/** Command (workspace/executeCommand): the baseline of the project lists a finding, which is told no more. */
export const addToBaselineCommand = 'driverTeardown.addToBaseline';
export interface AddToBaselineParams {
  readonly uri: string;
  /** The finding's, as in `Diagnostic.data`. */
  readonly fingerprint: string;
}

/** Request, with `WhatIfParams`: a fix as a patch to mail; null when the fix is gone. */
export const patchRequest = 'driverTeardown/patch';
export interface PatchResult {
  readonly subject: string;
  /** A name for the file, as `git format-patch` would give it. */
  readonly name: string;
  /** The patch's bytes in base64: source files need not be UTF-8. */
  readonly content: string;
  /** What is missing in it, `Fixes:` without git for example; null when nothing is. */
  readonly note: string | null;
}

/** Command of the client, with `FindingFixes`: saves the answer to `driverTeardown/patch`. */
export const exportPatchCommand = 'driverTeardown.exportPatch';

/** Request: what to tint in a document; null for one that the server does not have. */
export const tintRequest = 'driverTeardown/tint';
export interface TintParams {
  readonly uri: string;
}
/** The names of the calls that register or allocate something managed, by scope. */
export interface TintResult {
  /** The document's version that the ranges belong to. */
  readonly version: number;
  readonly devm: readonly Range[];
  readonly drmm: readonly Range[];
}

/** Names an entry to a command: a document of its module, and the function. */
export interface OrderEntryParams {
  readonly uri: string;
  readonly entry: string;
}
/** A command of the client, if it says so in `clientCommands`: shows the order of an entry. */
export const showOrderCommand = 'driverTeardown.showOrder';
/** Command for all other clients: shows the order of an entry as a message, and answers with it. */
export const orderTextCommand = 'driverTeardown.orderText';
