/** The command driverTeardown.checkFolder: findings of every module below a folder, open or not. */
import { relative } from 'node:path';
import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  type ExecuteCommandParams,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import type { KernelModule } from '../../core/program/kbuild.ts';
import { isFolder } from '../../host/disk.ts';
import type { ModuleAnalysis, Project } from '../../host/project.ts';
import { isUnderRoot } from '../../host/project.ts';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import { type CheckFolderResult, checkFolderCommand } from '../protocol.ts';
import { sourceFileOf } from '../session.ts';
import { toDiagnostic } from '../to-proto.ts';
import { pathOf } from '../uris.ts';

/** Progress that the server starts, and the user may cancel. */
type Reporter = Awaited<ReturnType<Connection['window']['createWorkDoneProgress']>>;

function folderOf(params: ExecuteCommandParams): string {
  const argument: unknown = params.arguments?.[0];
  const uri =
    typeof argument === 'string' ? argument : (argument as { uri?: unknown } | undefined)?.uri;
  if (typeof uri !== 'string')
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      `${checkFolderCommand} takes a folder's URI`,
    );
  const folder = pathOf(uri);
  if (folder === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${uri} is not a folder on disk`);
  }
  return folder;
}

function modulesBelow(project: Project, folder: string): readonly KernelModule[] {
  return isUnderRoot(project.root, folder) ? project.modulesUnder(project.reportPath(folder)) : [];
}

export class FolderCheck {
  readonly #server: ServerContext;
  /** What was found in files, by URI, open or not. */
  readonly #found = new Map<string, readonly Diagnostic[]>();

  constructor(server: ServerContext) {
    this.#server = server;
  }

  async run(params: ExecuteCommandParams, token: CancellationToken): Promise<CheckFolderResult> {
    const folder = folderOf(params);
    const { session } = this.#server;
    let isThere = isFolder(folder);
    await session.bring(async () => {
      isThere = isFolder(folder);
    });
    if (!isThere)
      throw new ResponseError(LSPErrorCodes.RequestFailed, `${folder} is not a folder on disk`);
    const progress = await this.#progress(folder);
    try {
      return await this.#check(folder, token, progress);
    } finally {
      progress?.done();
    }
  }

  /** An open document is looked after by itself; what was shown for its file goes. */
  async opened(uri: string): Promise<void> {
    if (this.#found.has(uri) && this.#server.features.pullsDiagnostics) await this.#send(uri, []);
  }

  /** The findings survive that the file is closed; they are as of its last analysis. */
  async closed(uri: string): Promise<void> {
    if (!this.#found.has(uri)) return;
    await this.#refresh([uri]);
  }

  /** Files changed on disk: what is shown for them is looked at again. */
  async changedOnDisk(uris: readonly string[]): Promise<void> {
    await this.#refresh(
      uris.filter((uri) => this.#found.has(uri) && this.#server.session.get(uri) === undefined),
    );
  }

  async #check(
    folder: string,
    token: CancellationToken,
    reporter: Reporter | undefined,
  ): Promise<CheckFolderResult> {
    const { session } = this.#server;
    await session.bring(async () => {
      const { project } = session.workspace.handleFor(`${folder}/x.c`);
      for (const module of modulesBelow(project, folder)) await project.survey(module);
    });
    const handle = session.workspace.handleFor(`${folder}/x.c`);
    await handle.ready;
    const { project } = handle;
    const modules = modulesBelow(project, folder);
    const byUri = new Map<string, Diagnostic[]>();
    const files = { count: 0 };
    const seen = new Set<string>();
    const watch = (done: number, total: number): boolean => {
      reporter?.report(
        Math.floor((100 * done) / Math.max(1, total)),
        `${done} of ${total} modules`,
      );
      return !token.isCancellationRequested && reporter?.token.isCancellationRequested !== true;
    };
    for await (const result of project.analyseAll(modules, watch)) {
      files.count += result.analysis.report.module.files;
      this.#collect(project, result, byUri, seen);
      throwIfCancelled(token);
    }
    throwIfCancelled(token);
    await this.#publish(folder, byUri);
    return { modules: modules.length, files: files.count, findings: seen.size };
  }

  #collect(
    project: Project,
    result: ModuleAnalysis,
    byUri: Map<string, Diagnostic[]>,
    seen: Set<string>,
  ): void {
    const context = protoContext(this.#server, project, [result]);
    for (const finding of result.findings) {
      const key = `${finding.place.file}\0${finding.rule}\0${finding.fingerprint}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const uri = context.uriOf(finding.place.file);
      byUri.set(uri, [...(byUri.get(uri) ?? []), toDiagnostic(finding, context)]);
    }
  }

  async #publish(folder: string, byUri: ReadonlyMap<string, readonly Diagnostic[]>): Promise<void> {
    for (const uri of this.#found.keys()) {
      const file = sourceFileOf(uri);
      if (byUri.has(uri) || file === undefined || relative(folder, file).startsWith('..')) continue;
      this.#found.delete(uri);
      await this.#send(uri, []);
    }
    for (const [uri, diagnostics] of byUri) {
      this.#found.set(uri, diagnostics);
      await this.#send(uri, diagnostics);
    }
  }

  async #refresh(uris: readonly string[]): Promise<void> {
    for (const uri of uris) {
      const file = sourceFileOf(uri);
      if (file === undefined) continue;
      const { project } = this.#server.session.workspace.handleFor(file);
      const path = project.reportPath(file);
      const byUri = new Map<string, Diagnostic[]>([[uri, []]]);
      const seen = new Set<string>();
      for (const module of project.modulesOf(path))
        this.#collect(project, await project.analyse(module), byUri, seen);
      this.#found.set(uri, byUri.get(uri) ?? []);
      await this.#send(uri, byUri.get(uri) ?? []);
    }
  }

  /** Never for an open document: that has its own diagnostics, and would show each of them twice. */
  async #send(uri: string, diagnostics: readonly Diagnostic[]): Promise<void> {
    if (diagnostics.length > 0 && this.#server.session.get(uri) !== undefined) return;
    await this.#server.connection.sendDiagnostics({ uri, diagnostics: [...diagnostics] });
  }

  async #progress(folder: string): Promise<Reporter | undefined> {
    if (!this.#server.features.progress) return undefined;
    const progress = await this.#server.connection.window.createWorkDoneProgress();
    progress.begin(`Checking ${folder}`, 0, '', true);
    return progress;
  }
}
