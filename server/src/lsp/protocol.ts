/**
 * The requests that this server adds to LSP. The client imports these types and nothing else of the
 * server. Other editors may use them too: docs/lsp-extensions.md.
 */
import type { Range } from 'vscode-languageserver';
import type { Scope, Severity, StepPhase, Timeline } from '../core/result.ts';

/** Request: the teardown order of the module that holds a document. */
export const orderRequest = 'driverTeardown/order';
export interface OrderParams {
  readonly uri: string;
}

/** Notification to the client: the order of some module changed (an edit, a file on disk). */
export const orderChanged = 'driverTeardown/orderChanged';

export interface OrderLocation {
  readonly uri: string;
  readonly range: Range;
}

export interface OrderStep {
  /** Stable across edits that do not touch this step. */
  readonly id: string;
  readonly phase: StepPhase;
  readonly action: string;
  readonly argument: string | null;
  readonly kind: string;
  readonly scope: Scope | null;
  readonly registered: OrderLocation;
  readonly function: string;
  readonly via: readonly string[];
  readonly callback: OrderLocation | null;
  readonly conditional: string | null;
  readonly repeats: string | null;
  readonly findings: readonly { readonly severity: Severity; readonly message: string }[];
}

export interface OrderTimeline {
  readonly timeline: Timeline;
  readonly title: string;
  readonly steps: readonly OrderStep[];
}

export interface OrderResult {
  readonly module: string;
  readonly entries: readonly {
    readonly id: string;
    readonly entry: string;
    readonly table: string;
    readonly location: OrderLocation;
    /** `unbind` and `unplug-open`; the probe failures are the CLI's for now. */
    readonly timelines: readonly OrderTimeline[];
  }[];
  /** Why there is nothing to show, or what is missing. */
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
