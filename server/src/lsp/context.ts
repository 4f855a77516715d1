/** What every handler gets: the connection, the session, and what the client can do. */
import { join } from 'node:path';
import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Assets } from '../host/assets.ts';
import { exists } from '../host/disk.ts';
import { type ModuleAnalysis, type Project, Stopped } from '../host/project.ts';
import type { ClientFeatures } from './client-features.ts';
import type { Quiet } from './quiet.ts';
import { GivenUp } from './reading.ts';
import type { Session } from './session.ts';
import type { ProtoContext } from './to-proto.ts';
import type { Trials } from './trials.ts';
import { uriOf } from './uris.ts';

export interface ServerContext {
  readonly connection: Connection;
  readonly assets: Assets;
  readonly session: Session;
  readonly features: ClientFeatures;
  readonly quiet: Quiet;
  readonly trials: Trials;
}

/** How findings of these analyses are turned into the protocol's words. */
export function protoContext(
  server: ServerContext,
  project: Project,
  analyses: readonly ModuleAnalysis[],
): ProtoContext {
  const documentOf = (file: string) => server.session.documentOf(project, file);
  return {
    features: server.features,
    uriOf: (file) => documentOf(file)?.uri ?? uriOf(project.absolute(file)),
    versionOf: (file) => documentOf(file)?.version ?? null,
    lineStartsOf: (file) =>
      analyses
        .map(({ lineStarts }) => lineStarts.get(file))
        .find((lines) => lines !== undefined) ?? [0],
    pageOf: (rule) => {
      const page = join(server.assets.rules, `${rule}.md`);
      return exists(page) ? uriOf(page) : undefined;
    },
  };
}

/** The client gave up on the request. */
export function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

/** The answer would be stale: an empty one would make squiggles flicker. */
export function movedOn(): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'the document has changed', {
    retriggerRequest: true,
  });
}

/** The user gave up reading the module. The client shall not ask again by itself. */
function givenUp(message: string): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, message, { retriggerRequest: false });
}

export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw cancelled();
}

/**
 * Wraps a request's handler: what goes wrong is logged with its place and answered with an error; the
 * server goes on.
 */
export function guarded<P, R>(
  connection: Connection,
  name: string,
  handler: (params: P, token: CancellationToken) => Promise<R>,
): (params: P, token: CancellationToken) => Promise<R> {
  return async (params, token) => {
    try {
      return await handler(params, token);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      if (error instanceof GivenUp) throw givenUp(error.message);
      if (error instanceof Stopped) throw cancelled();
      connection.console.error(`${name}: ${describe(error)}`);
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        `${name} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

/** The same for notifications and for work that nobody waits for. */
export function logFailure(connection: Connection, name: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!(error instanceof ResponseError) && !(error instanceof Stopped))
      connection.console.error(`${name}: ${describe(error)}`);
  });
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
