/** Files that change on disk: branches are switched and Makefiles edited while documents are open. */
import { basename } from 'node:path';
import {
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
} from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { configurationName } from '../../host/configuration.ts';
import { isUnderRoot } from '../../host/project.ts';
import type { ServerContext } from '../context.ts';

/** Makefiles include others by names like `Makefile.rules`, `Kbuild.include` and `common.mk`. */
const globs = [
  '**/*.{c,h,mk}',
  '**/Makefile*',
  '**/Kbuild*',
  `**/${configurationName}`,
  '**/*baseline*.json',
];

/** Asks the client to watch, when it can. */
export async function watchFiles({ connection, features }: ServerContext): Promise<void> {
  if (!features.watchesFiles) return;
  const watchers = globs.map((globPattern) => ({ globPattern }));
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}

function isMakefile(file: string): boolean {
  return /^(?:Makefile|Kbuild)|\.mk$/.test(basename(file));
}

/** @returns whether anything that we know of changed */
export async function filesChanged(
  server: ServerContext,
  { changes }: DidChangeWatchedFilesParams,
): Promise<boolean> {
  const files = changes.flatMap(({ uri, type }) => {
    const parsed = URI.parse(uri);
    return parsed.scheme === 'file' ? [{ file: parsed.fsPath, type }] : [];
  });
  if (files.some(({ file }) => basename(file) === configurationName)) {
    await server.session.workspace.reset();
    server.session.reattach();
    return true;
  }
  for (const handle of server.session.workspace.all()) {
    const { project } = handle;
    if (files.some(({ file }) => file === handle.baseline)) handle.readBaseline();
    const inside = files.filter(({ file }) => isUnderRoot(project.root, file));
    if (inside.length === 0) continue;
    const structure = inside.some(
      ({ file, type }) => type !== FileChangeType.Changed || isMakefile(file),
    );
    project.invalidate(
      inside.map(({ file }) => project.reportPath(file)),
      structure,
    );
  }
  return files.length > 0;
}
