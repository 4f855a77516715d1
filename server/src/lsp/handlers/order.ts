/** driverTeardown/order, and telling the client when the order that it shows has changed. */
import { createHash } from 'node:crypto';
import type { CancellationToken } from 'vscode-languageserver/node';
import { logFailure, protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import { type OrderParams, type OrderResult, orderChanged } from '../protocol.ts';
import type { Snapshot } from '../session.ts';
import { toOrder } from '../to-proto.ts';

/** The order is looked at again when typing has paused. */
const delayMs = 400;

/** The order of the document's module; of several modules the first with an entry counts. */
function orderOf(server: ServerContext, { open, analyses }: Snapshot): OrderResult | null {
  const chosen =
    analyses.find(({ analysis }) => analysis.order().entries.length > 0) ?? analyses[0];
  if (chosen === undefined) return null;
  return toOrder(
    chosen.analysis.order(),
    chosen.findings,
    protoContext(server, open.handle.project, analyses),
  );
}

function hashOf(order: OrderResult | null): string {
  return createHash('sha1').update(JSON.stringify(order)).digest('base64url');
}

export class OrderHandler {
  readonly #server: ServerContext;
  /** What the client was last told, by document. */
  readonly #shown = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(server: ServerContext) {
    this.#server = server;
  }

  async request(
    {
      textDocument,
      uri,
    }: Partial<OrderParams> & { readonly textDocument?: { readonly uri: string } },
    token: CancellationToken,
  ): Promise<OrderResult | null> {
    const document = uri ?? textDocument?.uri ?? '';
    const snapshot = await this.#server.session.analyse(
      document,
      () => token.isCancellationRequested,
    );
    throwIfCancelled(token);
    if (snapshot === undefined) return null;
    const order = orderOf(this.#server, snapshot);
    this.#shown.set(document, hashOf(order));
    return order;
  }

  /** A document or file changed: the shown orders are compared when it has been quiet for a while. */
  changed(): void {
    if (this.#shown.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => logFailure(this.#server.connection, orderChanged, this.#compare()),
      delayMs,
    );
  }

  closed(uri: string): void {
    this.#shown.delete(uri);
  }

  async #compare(): Promise<void> {
    for (const [uri, hash] of this.#shown) {
      const snapshot = await this.#server.session.analyse(uri);
      if (snapshot === undefined || hashOf(orderOf(this.#server, snapshot)) === hash) continue;
      this.#shown.delete(uri);
      await this.#server.connection.sendNotification(orderChanged, { uri });
    }
  }
}
