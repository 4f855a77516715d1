/**
 * What the order view shows: the server's answers of the module of one document. Asks again when
 * something changed; what is known stays until the new answer is there, so that nothing flickers.
 */
import * as vscode from 'vscode';
import type {
  CompareLogParams,
  CompareLogResult,
  OrderEntry,
  OrderParams,
  OrderResult,
  OrderTimeline,
  ProbeFailureParams,
} from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { views } from '../contributions.ts';
import type { OrderChoices } from './order-choices.ts';
import type { Failure } from './order-tree.ts';

// Written out, because only types may be imported from the server.
const orderRequest = 'driverTeardown/order';
const probeFailureRequest = 'driverTeardown/probeFailure';
const compareLogRequest = 'driverTeardown/compareLog';

/** How the model stands; `down` is a server that will not come back by itself. */
export type ModelState =
  | 'no-file'
  | 'waiting'
  | 'shown'
  | 'unread'
  | 'given-up'
  | 'broken'
  | 'down';

export class OrderModel implements vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly choices: OrderChoices;
  private readonly changed = new vscode.EventEmitter<undefined>();
  private asked: vscode.CancellationTokenSource | undefined;
  private loaded = new Map<string, OrderTimeline>();
  private answer: OrderResult | undefined;
  private current: ModelState = 'no-file';
  private shown: vscode.Uri | undefined;

  /** A kernel's log that is compared with the order, and how that came out. */
  private log: { readonly text: string; readonly result: CompareLogResult } | undefined;

  readonly onDidChange = this.changed.event;

  constructor(context: FeatureContext, choices: OrderChoices) {
    this.context = context;
    this.choices = choices;
  }

  get state(): ModelState {
    return this.current;
  }

  get order(): OrderResult | undefined {
    return this.answer;
  }

  /** The document whose module is shown; it stays when another kind of editor becomes active. */
  get document(): vscode.Uri | undefined {
    return this.shown;
  }

  /** Where probe fails, by entry id, with what is known of it. */
  get failures(): ReadonlyMap<string, Failure> {
    const entries = this.answer?.entries ?? [];
    return new Map(
      entries.map((entry) => {
        const step = this.choices.failingStep(entry);
        return [entry.id, { step, timeline: this.loaded.get(failureKey(entry, step)) }];
      }),
    );
  }

  /** @returns whether that is another document than before */
  follow(document: vscode.Uri): boolean {
    const isSame = this.shown?.toString() === document.toString();
    this.shown = document;
    return !isSame;
  }

  /** Asks for the order, and for the failures of probe that are looked at. */
  async refresh(): Promise<void> {
    this.asked?.cancel();
    const { server, log } = this.context;
    if (server.state === 'failed') return this.forget('down');
    // A server that stopped may be on its way back: the rows stay, marked as what they are.
    if (server.state !== 'running')
      return this.become(server.state === 'stopped' ? 'down' : 'waiting');
    if (this.shown === undefined) return this.become('no-file');
    const asked = new vscode.CancellationTokenSource();
    this.asked = asked;
    this.become(this.answer === undefined ? 'waiting' : 'shown');
    try {
      const params: OrderParams = { uri: this.shown.toString() };
      const location = { viewId: views.order };
      await vscode.window.withProgress({ location }, () => this.ask(params, asked.token));
    } catch (error) {
      if (asked.token.isCancellationRequested) return;
      if (wasGivenUp(error)) return this.forget('given-up');
      log.error(`The teardown order could not be read: ${String(error)}`);
      this.become('broken');
    } finally {
      asked.dispose();
    }
  }

  /** The comparison of the log that lies beside the order. */
  get compared(): CompareLogResult | undefined {
    return this.log?.result;
  }

  /** Lays a kernel's log beside the order; it is compared again when the order changes. */
  async compareWith(text: string): Promise<CompareLogResult | undefined> {
    if (this.shown === undefined) return undefined;
    const params: CompareLogParams = { uri: this.shown.toString(), text };
    const { server } = this.context;
    const result = await server.request<CompareLogResult | null>(compareLogRequest, params);
    if (!result) return undefined;
    this.log = result.comparison || result.stress ? { text, result } : undefined;
    this.changed.fire(undefined);
    return result;
  }

  forgetLog(): void {
    this.log = undefined;
    this.changed.fire(undefined);
  }

  /** Asks for what is released when an entry fails at its chosen step, unless that is known. */
  async loadFailure(entry: OrderEntry): Promise<void> {
    const { shown } = this;
    const step = this.choices.failingStep(entry);
    if (shown === undefined || this.loaded.has(failureKey(entry, step))) return;
    const params: ProbeFailureParams = { uri: shown.toString(), entry: entry.id, step };
    const failure = await this.context.server.request<OrderTimeline | null>(
      probeFailureRequest,
      params,
    );
    if (failure) this.loaded.set(failureKey(entry, step), failure);
  }

  dispose(): void {
    this.asked?.cancel();
    this.changed.dispose();
  }

  /** `null` is a document that the server does not have: what is shown of its module stays. */
  private async ask(params: OrderParams, token: vscode.CancellationToken): Promise<void> {
    const { server } = this.context;
    const answer = await server.request<OrderResult | null>(orderRequest, params, token);
    if (token.isCancellationRequested || answer === undefined) return;
    if (answer === null) return this.become(this.answer === undefined ? 'unread' : 'shown');
    const looked = new Set(this.loaded.keys());
    this.answer = answer;
    this.loaded = new Map();
    const wanted = answer.entries.filter(
      (entry) =>
        entry.acquired.length > 0 &&
        (this.choices.timeline === 'probe-fail' ||
          looked.has(failureKey(entry, this.choices.failingStep(entry)))),
    );
    await Promise.all(wanted.map((entry) => this.loadFailure(entry)));
    if (token.isCancellationRequested) return;
    this.become('shown');
    if (this.log !== undefined) await this.compareWith(this.log.text);
  }

  private forget(state: ModelState): void {
    this.answer = undefined;
    this.loaded = new Map();
    this.become(state);
  }

  private become(state: ModelState): void {
    this.current = state;
    this.changed.fire(undefined);
  }
}

/** LSP's code for a request that the server does not answer: the user gave up the module. */
function wasGivenUp(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === -32802;
}

function failureKey({ id }: OrderEntry, step: number): string {
  return `${id}\0${step}`;
}
