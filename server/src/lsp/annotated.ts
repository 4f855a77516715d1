/** A document with the teardown order of its modules, for the requests that annotate the source. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { Positions } from '../core/annotations/positions.ts';
import type { Finding } from '../core/result.ts';
import type { Pass } from '../core/rules/rule.ts';
import type { ModuleAnalysis } from '../host/project.ts';
import { type ServerContext, throwIfCancelled } from './context.ts';
import type { Snapshot } from './session.ts';

export interface AnnotatedModule {
  readonly pass: Pass;
  readonly positions: Positions;
  readonly findings: readonly Finding[];
}

export interface AnnotatedDocument {
  readonly snapshot: Snapshot;
  readonly modules: readonly AnnotatedModule[];
}

function annotate({ analysis, findings }: ModuleAnalysis): AnnotatedModule {
  const { pass } = analysis;
  return {
    pass,
    findings,
    /** Computed on the first question: not all requests need the order. */
    get positions() {
      return pass.once.get('positions', () => new Positions(analysis.order()));
    },
  };
}

/**
 * The document as of its present text, once no diagnostics are waited for.
 * @returns undefined when the document is not open (any more), or none of ours
 */
export async function annotated(
  server: ServerContext,
  uri: string,
  token?: CancellationToken,
): Promise<AnnotatedDocument | undefined> {
  const isCancelled = (): boolean => token?.isCancellationRequested === true;
  const { quiet, session } = server;
  for (;;) {
    if (session.get(uri) === undefined) return undefined;
    await quiet.reached(isCancelled);
    const snapshot = await session.analyse(uri, isCancelled);
    if (token !== undefined) throwIfCancelled(token);
    if (snapshot === undefined) return undefined;
    // An edit came meanwhile, or this was the first look at the module: its squiggles go first.
    if (quiet.isBusy) continue;
    return { snapshot, modules: snapshot.analyses.map(annotate) };
  }
}
