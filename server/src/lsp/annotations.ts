/**
 * Everything that annotates the source: lenses, hints, hovers, call hierarchy and tint. Listens for
 * the requests, and asks the client to ask again when its annotations are out of date.
 */
import {
  type CancellationToken,
  type CodeLens,
  type CodeLensParams,
  CodeLensRefreshRequest,
  type InlayHint,
  type InlayHintParams,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { type AnnotatedDocument, annotated } from './annotated.ts';
import type { ClientFeatures } from './client-features.ts';
import { guarded, logFailure, type ServerContext } from './context.ts';
import { digestOf } from './digest.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './handlers/call-hierarchy.ts';
import { lensesOf } from './handlers/code-lens.ts';
import { hover } from './handlers/hover.ts';
import { hintsOf, hintsWithin } from './handlers/inlay-hints.ts';
import { tint } from './handlers/tint.ts';
import { tintRequest } from './protocol.ts';

/** Annotations are compared with what the client has when it has been quiet for this long. */
const delayMs = 500;

export function annotationCapabilities({ callHierarchy }: ClientFeatures): ServerCapabilities {
  return {
    codeLensProvider: {},
    inlayHintProvider: true,
    hoverProvider: true,
    ...(callHierarchy ? { callHierarchyProvider: true } : {}),
  };
}

type Handler<P, R> = (server: ServerContext, params: P, token: CancellationToken) => Promise<R>;

/** Annotations of one kind, and which of them the client has for each document. */
class Shown<T> {
  private readonly server: ServerContext;
  private readonly make: (server: ServerContext, document: AnnotatedDocument) => T[];
  private readonly digests = new Map<string, string>();

  constructor(
    server: ServerContext,
    make: (server: ServerContext, document: AnnotatedDocument) => T[],
  ) {
    this.server = server;
    this.make = make;
  }

  async of(uri: string, token: CancellationToken): Promise<T[]> {
    const document = await annotated(this.server, uri, token);
    if (document === undefined) return [];
    const made = this.make(this.server, document);
    this.digests.set(uri, digestOf(made));
    return made;
  }

  closed(uri: string): void {
    this.digests.delete(uri);
  }

  /** Whether a document would be answered otherwise by now. */
  async areStale(): Promise<boolean> {
    let stale = false;
    for (const [uri, digest] of this.digests) {
      const document = await annotated(this.server, uri);
      if (document && digestOf(this.make(this.server, document)) === digest) continue;
      stale = true;
      // The client asks again for what it shows; what it does not show would be stale for ever.
      this.digests.delete(uri);
    }
    return stale;
  }
}

export class Annotations {
  private readonly server: ServerContext;
  private readonly lenses: Shown<CodeLens>;
  private readonly hints: Shown<InlayHint>;
  private timer: NodeJS.Timeout | undefined;

  constructor(server: ServerContext) {
    this.server = server;
    this.lenses = new Shown(server, lensesOf);
    this.hints = new Shown(server, hintsOf);
  }

  listen(): void {
    const { connection, features } = this.server;
    connection.onCodeLens(
      this.handle('textDocument/codeLens', (_, { textDocument }: CodeLensParams, token) =>
        this.lenses.of(textDocument.uri, token),
      ),
    );
    connection.languages.inlayHint.on(
      this.handle('textDocument/inlayHint', async (_, params: InlayHintParams, token) =>
        hintsWithin(await this.hints.of(params.textDocument.uri, token), params.range),
      ),
    );
    connection.onHover(this.handle('textDocument/hover', hover));
    connection.onRequest(tintRequest, this.handle(tintRequest, tint));
    if (!features.callHierarchy) return;
    const { callHierarchy } = connection.languages;
    callHierarchy.onPrepare(this.handle('textDocument/prepareCallHierarchy', prepareCallHierarchy));
    callHierarchy.onIncomingCalls(this.handle('callHierarchy/incomingCalls', incomingCalls));
    callHierarchy.onOutgoingCalls(this.handle('callHierarchy/outgoingCalls', outgoingCalls));
  }

  /** A text, a file or a setting changed: other documents' annotations may be another's now. */
  changed(): void {
    const { refreshesLenses, refreshesHints } = this.server.features;
    if (!refreshesLenses && !refreshesHints) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => logFailure(this.server.connection, 'annotations', this.compare()),
      delayMs,
    );
  }

  /** The client shall ask for all of them again: some were refused. */
  askAgain(): void {
    const { connection, features } = this.server;
    const ask = async (): Promise<void> => {
      if (features.refreshesLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
      if (features.refreshesHints) await connection.languages.inlayHint.refresh();
    };
    logFailure(connection, 'annotations', ask());
  }

  closed(uri: string): void {
    this.lenses.closed(uri);
    this.hints.closed(uri);
  }

  private handle<P, R>(
    name: string,
    handler: Handler<P, R>,
  ): (p: P, t: CancellationToken) => Promise<R> {
    return guarded(this.server.connection, name, (params: P, token) =>
      handler(this.server, params, token),
    );
  }

  private async compare(): Promise<void> {
    const { connection, features } = this.server;
    if (features.refreshesLenses && (await this.lenses.areStale()))
      await connection.sendRequest(CodeLensRefreshRequest.type);
    if (features.refreshesHints && (await this.hints.areStale()))
      await connection.languages.inlayHint.refresh();
  }
}
