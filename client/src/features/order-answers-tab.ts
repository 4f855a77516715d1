/**
 * "Ask About the Order": one question, one page. It is drawn anew when the order changes; a question that fits it no
 * more, because its step is gone, stays answered as it was.
 */
import * as vscode from 'vscode';
import { say } from '#say';
import type {
  OrderEntry,
  OrderLocation,
  OrderResult,
  OrderTimeline,
  ProbeFailureParams,
} from '../../../server/src/lsp/protocol.ts';
import { nonce } from '../bytes.ts';
import type { FeatureContext } from '../context.ts';
import {
  type Answer,
  aroundStep,
  lateObjects,
  timelineOf,
  type UnbindTimeline,
} from './order-answers.ts';
import { failingFunctions, leftBy } from './order-answers-failure.ts';
import { answerPage, waitingPage } from './order-answers-page.ts';
import { stillRunning } from './order-answers-runners.ts';
import { goTo } from './order-items.ts';
import type { OrderModel } from './order-model.ts';

// Written out, because only types may be imported from the server.
const probeFailureRequest = 'driverTeardown/probeFailure';

/** `entry` is the entry's id. */
export type OrderQuestion = { readonly entry: string } & (
  | { readonly kind: 'around'; readonly timeline: UnbindTimeline; readonly step: string }
  | { readonly kind: 'late' | 'running' }
  | { readonly kind: 'failing'; readonly function: string }
);

type FromPage = { readonly type: 'open'; readonly place: number } | { readonly type: 'ask' };

/** One tab, that each question takes over. */
export class AnswersTab implements vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly model: OrderModel;
  private readonly askAgain: () => unknown;
  private readonly listener: vscode.Disposable;
  private panel: vscode.WebviewPanel | undefined;
  private asked: OrderQuestion | undefined;
  private places: readonly OrderLocation[] = [];
  /** The answer that the page shows, as text. */
  private drawn = '';

  /** @param askAgain lets the user choose another question */
  constructor(context: FeatureContext, model: OrderModel, askAgain: () => unknown) {
    this.context = context;
    this.model = model;
    this.askAgain = askAgain;
    this.listener = model.onDidChange(() => void this.draw());
  }

  dispose(): void {
    this.listener.dispose();
    this.panel?.dispose();
  }

  async show(question: OrderQuestion): Promise<void> {
    this.asked = question;
    this.reveal();
    await this.draw();
  }

  private reveal(): void {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      'driverTeardown.answer',
      say('Answer'),
      vscode.ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [] },
    );
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.asked = undefined;
      this.drawn = '';
    });
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.receive(message));
    this.panel = panel;
  }

  /** What is shown stays while the server is asked, unless that is another question. */
  private async draw(): Promise<void> {
    const { asked, panel } = this;
    const { order, document } = this.model;
    const entry = order?.entries.find(({ id }) => id === asked?.entry);
    if (asked === undefined || panel === undefined || order === undefined || entry === undefined)
      return;
    const uri = document?.toString() ?? '';
    const answer = await this.answerOf(asked, order, entry, uri);
    if (answer === undefined || this.asked !== asked || this.panel !== panel) return;
    // A page that is loaded anew takes the keyboard, from a list that is open above it for one.
    const now = JSON.stringify(answer);
    if (now === this.drawn) return;
    this.drawn = now;
    const { html, places } = answerPage(answer, nonce());
    this.places = places;
    panel.title = answer.question;
    panel.webview.html = html;
  }

  private async answerOf(
    asked: OrderQuestion,
    { module }: OrderResult,
    entry: OrderEntry,
    uri: string,
  ): Promise<Answer | undefined> {
    switch (asked.kind) {
      case 'around': {
        const timeline = timelineOf(entry, asked.timeline);
        return timeline && aroundStep(module, entry, timeline, asked.step);
      }
      case 'late':
        return lateObjects(module, entry);
      case 'running':
        return stillRunning(module, entry);
      case 'failing': {
        const failing = failingFunctions(entry).find(({ name }) => name === asked.function);
        if (failing === undefined) return undefined;
        const failures = await this.failuresAt(uri, entry, failing.places, asked);
        return failures && leftBy(module, entry, failing, failures);
      }
    }
  }

  /** Undefined when another question came in between. */
  private async failuresAt(
    uri: string,
    { id }: OrderEntry,
    places: readonly number[],
    asked: OrderQuestion & { readonly kind: 'failing' },
  ): Promise<(OrderTimeline | null)[] | undefined> {
    const question = say('What does a failing {0}() leave?', asked.function);
    const text = say('Looking at the {0} places where it can fail …', places.length);
    if (this.panel !== undefined && this.panel.title !== question) {
      this.panel.title = question;
      this.drawn = '';
      this.panel.webview.html = waitingPage(question, text, nonce()).html;
    }
    const failures: (OrderTimeline | null)[] = [];
    try {
      for (const step of places) {
        if (this.asked !== asked) return undefined;
        const params: ProbeFailureParams = { uri, entry: id, step };
        failures.push(
          (await this.context.server.request<OrderTimeline | null>(probeFailureRequest, params)) ??
            null,
        );
      }
    } catch (error) {
      // An edit overtook it: the new order comes here again.
      this.context.log.debug(`${probeFailureRequest}: ${String(error)}`);
      return undefined;
    }
    return failures;
  }

  private async receive(message: FromPage): Promise<void> {
    if (message.type === 'ask') await this.askAgain();
    const at = message.type === 'open' ? this.places[message.place] : undefined;
    if (at !== undefined) await goTo(at);
  }
}
