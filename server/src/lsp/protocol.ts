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

export interface OrderLocation {
  readonly uri: string;
  readonly range: Range;
}

/** A finding at a step, with the evidence that leads to it. */
export interface OrderFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: OrderLocation;
  readonly chain: readonly { readonly message: string; readonly location: OrderLocation }[];
}

export interface OrderStep {
  /** The same on every timeline of an entry, and after edits that leave the registration alone. */
  readonly id: string;
  readonly phase: StepPhase;
  readonly action: string;
  readonly argument: string | null;
  readonly kind: string;
  /** What it gives back, in words for people, when more is known than `argument` says. */
  readonly releases: string | null;
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
}

export interface OrderEntry {
  readonly id: string;
  readonly entry: string;
  readonly table: string;
  readonly location: OrderLocation;
  /** What the entry takes, in that order: the names of the steps after which probe can fail. */
  readonly acquired: readonly { readonly id: string; readonly name: string }[];
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

interface WhatIfFinding {
  readonly severity: Severity;
  readonly rule: string;
  readonly message: string;
}

export interface WhatIfResult {
  readonly title: string;
  readonly removes: readonly WhatIfFinding[];
  readonly creates: readonly WhatIfFinding[];
  readonly before: OrderResult;
  readonly after: OrderResult;
}

/** What the commands about a finding's fixes carry: which of the fixes is meant is asked there. */
export interface FindingFixes {
  readonly uri: string;
  readonly fingerprint: string;
  /** Those that have edits. */
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
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
  /** Whether the fixed code has findings that the code had not. */
  readonly creates: boolean;
}

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
