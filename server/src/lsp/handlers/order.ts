/**
 * driverTeardown/order and driverTeardown/probeFailure, and telling the client when the order that
 * it shows has changed.
 */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { EntryOrder } from '../../core/result.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import { logFailure, protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import { digestOf } from '../digest.ts';
import {
  type OrderParams,
  type OrderResult,
  type OrderTimeline,
  orderChanged,
  type ProbeFailureParams,
} from '../protocol.ts';
import type { Snapshot } from '../session.ts';
import { entriesById, toOrder, toProbeFailure } from '../to-order.ts';

/** The order is looked at again when typing has paused. */
const delayMs = 400;

/** The module whose order is a document's: of several the first with an entry counts. */
export function orderedModule({ analyses }: Snapshot): ModuleAnalysis | undefined {
  return analyses.find(({ analysis }) => analysis.order().entries.length > 0) ?? analyses[0];
}

/** The entry that a request names by its id, with its module. */
export async function findEntry(
  server: ServerContext,
  { uri, entry }: { readonly uri: string; readonly entry: string },
  token: CancellationToken,
): Promise<
  | { readonly snapshot: Snapshot; readonly module: ModuleAnalysis; readonly entry: EntryOrder }
  | undefined
> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  const module = snapshot && orderedModule(snapshot);
  const found = module && entriesById(module.analysis.order()).get(entry);
  if (snapshot === undefined || module === undefined || found === undefined) return undefined;
  return { snapshot, module, entry: found };
}

function orderOf(server: ServerContext, snapshot: Snapshot): OrderResult {
  const { open, analyses } = snapshot;
  const chosen = orderedModule(snapshot);
  if (chosen === undefined) {
    const note = `No module here includes or lists ${open.path}, so nothing is known of its teardown.`;
    return { module: '', entries: [], note };
  }
  return toOrder(
    chosen.analysis.order(),
    chosen.findings,
    protoContext(server, open.handle.project, analyses),
  );
}

function hashOf(order: OrderResult): string {
  return digestOf(order);
}

export class OrderHandler {
  private readonly server: ServerContext;
  /** What the client was last told, by document. */
  private readonly shown = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(server: ServerContext) {
    this.server = server;
  }

  async request(
    {
      textDocument,
      uri,
    }: Partial<OrderParams> & { readonly textDocument?: { readonly uri: string } },
    token: CancellationToken,
  ): Promise<OrderResult | null> {
    const document = uri ?? textDocument?.uri ?? '';
    const snapshot = await this.server.session.analyse(
      document,
      () => token.isCancellationRequested,
    );
    throwIfCancelled(token);
    if (snapshot === undefined) return null;
    const order = orderOf(this.server, snapshot);
    this.shown.set(document, hashOf(order));
    return order;
  }

  async probeFailure(
    params: ProbeFailureParams,
    token: CancellationToken,
  ): Promise<OrderTimeline | null> {
    const found = await findEntry(this.server, params, token);
    if (found === undefined) return null;
    const { snapshot, module, entry } = found;
    const context = protoContext(this.server, snapshot.open.handle.project, snapshot.analyses);
    return toProbeFailure(entry, params.step, module.findings, context);
  }

  /** A document or file changed: the shown orders are compared when it has been quiet for a while. */
  changed(): void {
    if (this.shown.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => logFailure(this.server.connection, orderChanged, this.compare()),
      delayMs,
    );
  }

  closed(uri: string): void {
    this.shown.delete(uri);
  }

  private async compare(): Promise<void> {
    for (const [uri, hash] of this.shown) {
      const snapshot = await this.server.session.analyse(uri);
      if (snapshot === undefined || hashOf(orderOf(this.server, snapshot)) === hash) continue;
      this.shown.delete(uri);
      await this.server.connection.sendNotification(orderChanged, { uri });
    }
  }
}
