/**
 * How the modules of the open documents stand, as the server tells it: what is being read and since
 * when, or what was found. Until a module is read there are no findings to count.
 */
import * as vscode from 'vscode';
import { type ModuleStatusParams, moduleStatus } from '../../server/src/lsp/protocol.ts';
import { readingWords } from './module-words.ts';
import type { ServerConnection } from './server-connection.ts';

export interface ModuleState extends ModuleStatusParams {
  /** When it came to be as it is, in milliseconds. */
  readonly since: number;
}

/** Elapsed time is told in seconds. */
const tickMs = 1000;

export class ModuleStates implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly becameRead = new vscode.EventEmitter<vscode.Uri>();
  private readonly states = new Map<string, ModuleState>();
  private readonly subscriptions: vscode.Disposable[];
  private ticking: NodeJS.Timeout | undefined;

  /** Fires each second while anything is read: the elapsed time is part of it. */
  readonly onDidChange = this.changed.event;
  /** A document's modules are known now, and were not. */
  readonly onDidRead = this.becameRead.event;

  constructor(server: ServerConnection) {
    this.subscriptions = [
      this.changed,
      this.becameRead,
      server.onNotification(moduleStatus, (status) => this.take(status as ModuleStatusParams)),
      server.onDidChangeState((state) => {
        if (state === 'running') return;
        this.states.clear();
        this.fire();
      }),
    ];
  }

  of(document: vscode.Uri): ModuleState | undefined {
    return this.states.get(document.toString());
  }

  /** What is being read for a document, in words; undefined when nothing is. */
  reading(document: vscode.Uri): string | undefined {
    const state = this.of(document);
    return state?.state === 'reading' ? readingWords(state, Date.now() - state.since) : undefined;
  }

  dispose(): void {
    clearInterval(this.ticking);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private take(status: ModuleStatusParams): void {
    // The server and VS Code need not escape a URI alike.
    const uri = vscode.Uri.parse(status.uri).toString();
    const before = this.states.get(uri);
    const goesOn = before?.state === status.state;
    this.states.set(uri, { ...status, since: goesOn ? before.since : Date.now() });
    this.fire();
    if (status.state === 'read' && !goesOn) this.becameRead.fire(vscode.Uri.parse(uri));
  }

  private fire(): void {
    const isReading = [...this.states.values()].some(({ state }) => state === 'reading');
    if (!isReading) {
      clearInterval(this.ticking);
      this.ticking = undefined;
    } else this.ticking ??= setInterval(() => this.changed.fire(undefined), tickMs);
    this.changed.fire(undefined);
  }
}
