/**
 * The open documents and their analyses. An analysis belongs to the texts that it was made from; who
 * asks gets it with the document's version, and can tell when the document has moved on.
 */
import { basename, dirname, extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  TextDocument,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-textdocument';
import type { Finding } from '../core/result.ts';
import type { ModuleAnalysis, Project } from '../host/project.ts';
import type { Readings } from './reading.ts';
import { pathOf } from './uris.ts';
import type { ProjectHandle, Workspace } from './workspace.ts';

export interface OpenDocument {
  readonly document: TextDocument;
  readonly handle: ProjectHandle;
  /** Its path in the project's reports. */
  readonly path: string;
}

/** A document's findings as of one version of it. */
export interface Snapshot {
  readonly open: OpenDocument;
  readonly version: number;
  readonly analyses: readonly ModuleAnalysis[];
  /** Those in the document itself. */
  readonly findings: readonly Finding[];
}

/** The file that a URI names, when it is one that we analyse. */
export function sourceFileOf(uri: string): string | undefined {
  const path = pathOf(uri);
  const extension = extname(path ?? '').toLowerCase();
  return extension === '.c' || extension === '.h' ? path : undefined;
}

export class Session {
  readonly workspace: Workspace;
  private readonly readings: Readings;
  private readonly documents = new Map<string, OpenDocument>();

  constructor(workspace: Workspace, readings: Readings) {
    this.workspace = workspace;
    this.readings = readings;
  }

  get(uri: string): OpenDocument | undefined {
    return this.documents.get(uri);
  }

  all(): readonly OpenDocument[] {
    return [...this.documents.values()];
  }

  open(uri: string, languageId: string, version: number, text: string): OpenDocument | undefined {
    const file = sourceFileOf(uri);
    if (file === undefined) return undefined;
    const document = TextDocument.create(uri, languageId, version, text);
    return this.attach(document, file);
  }

  change(
    uri: string,
    changes: readonly TextDocumentContentChangeEvent[],
    version: number,
  ): OpenDocument | undefined {
    const open = this.documents.get(uri);
    if (open === undefined) return undefined;
    TextDocument.update(open.document, [...changes], version);
    open.handle.project.openDocument(open.path, open.document.getText());
    return open;
  }

  close(uri: string): OpenDocument | undefined {
    const open = this.documents.get(uri);
    if (open === undefined) return undefined;
    this.documents.delete(uri);
    open.handle.project.closeDocument(open.path);
    this.readings.closed(uri);
    // With its last document a module that was given up is forgotten: it may be opened for another try.
    const { project } = open.handle;
    const left = this.all().filter((other) => other.handle === open.handle);
    const used = new Set(left.flatMap(({ path }) => project.modulesOf(path)));
    this.readings.wanted(
      project,
      project.modulesOf(open.path).filter((module) => !used.has(module)),
    );
    return open;
  }

  /** Whether a module is being read for some document. */
  get isReading(): boolean {
    return this.readings.isBusy;
  }

  /** @returns whether a module of the document had been given up, and will be read when asked for */
  wanted(uri: string): boolean {
    const open = this.documents.get(uri);
    if (open === undefined) return false;
    const { project } = open.handle;
    return this.readings.wanted(project, project.modulesOf(open.path));
  }

  /** Opens all documents anew, after the workspace has forgotten its projects. */
  reattach(): void {
    for (const { document } of this.all()) {
      const file = sourceFileOf(document.uri);
      if (file !== undefined) this.attach(document, file);
    }
  }

  /** The open document that shows a file of a project. */
  documentOf(project: Project, path: string): TextDocument | undefined {
    return this.all().find((open) => open.handle.project === project && open.path === path)
      ?.document;
  }

  /**
   * Analyses the modules of a document.
   * @param isCancelled asked before the work begins: a module is read for all who ask for it
   * @returns undefined when the document is not open (any more), or the request is given up
   * @throws GivenUp when the user has given up the module
   */
  async analyse(
    uri: string,
    isCancelled: () => boolean = () => false,
  ): Promise<Snapshot | undefined> {
    const open = this.documents.get(uri);
    if (open === undefined) return undefined;
    this.readings.begun(uri, basename(open.path));
    const here = await this.arrived(uri);
    if (here !== open) return here && this.analyse(uri, isCancelled);
    await open.handle.ready;
    // Edits and cancellations that have arrived already must be seen before the work begins.
    await setImmediate();
    if (isCancelled() || this.documents.get(uri) !== open) return undefined;
    const { project } = open.handle;
    const analyses: ModuleAnalysis[] = [];
    for (const module of project.modulesOf(open.path))
      analyses.push(await this.readings.analyse(project, module, uri));
    open.handle.tell(analyses);
    if (this.documents.get(uri) !== open) return undefined;
    const version = open.document.version;
    // An edit may have come while the module was read: take the analysis of the present text.
    const fresh = analyses.every((analysis) => project.isCurrent(analysis));
    if (!fresh) return this.analyse(uri, isCancelled);
    const findings = findingsIn(analyses, open.path);
    this.readings.done(uri, analyses, findings);
    return { open, version, analyses, findings };
  }

  /** Runs a look at files until all that it wanted is here; on a disk there is nothing to wait for. */
  async bring(look: () => Promise<void>): Promise<void> {
    await this.workspace.arrivals.bring(look, async () => {
      await this.workspace.reset();
      this.reattach();
    });
  }

  /** The document when its modules can be read; it is another one when its root or configuration came. */
  private async arrived(uri: string): Promise<OpenDocument | undefined> {
    await this.bring(async () => {
      const open = this.documents.get(uri);
      const { project } = open?.handle ?? {};
      if (open === undefined || project === undefined) return;
      for (const module of project.modulesOf(open.path)) await project.survey(module);
    });
    return this.documents.get(uri);
  }

  private attach(document: TextDocument, file: string): OpenDocument {
    this.workspace.arrivals.reach(dirname(file));
    const handle = this.workspace.handleFor(file);
    const open: OpenDocument = { document, handle, path: handle.project.reportPath(file) };
    this.documents.set(document.uri, open);
    handle.project.openDocument(open.path, document.getText());
    return open;
  }
}

/** The findings in one file, without those that two modules share. */
export function findingsIn(analyses: readonly ModuleAnalysis[], path: string): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { findings } of analyses) {
    for (const finding of findings) {
      if (finding.place.file === path)
        found.set(`${finding.rule}\0${finding.fingerprint}`, finding);
    }
  }
  return [...found.values()];
}
