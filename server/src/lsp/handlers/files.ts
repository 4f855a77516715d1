/** Files that change on disk: branches are switched and Makefiles edited while documents are open. */
import { basename } from 'node:path';
import {
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
} from 'vscode-languageserver/node';
import { configurationName } from '../../host/configuration.ts';
import { isUnderRoot } from '../../host/project.ts';
import type { ChangedFile } from '../arrivals.ts';
import type { ServerContext } from '../context.ts';
import { pathOf } from '../uris.ts';

/** Makefiles include others by names like `Makefile.rules`, `Kbuild.include` and `common.mk`. */
const globs = [
  '**/*.{c,h,mk}',
  '**/Makefile*',
  '**/Kbuild*',
  `**/${configurationName}`,
  '**/*baseline*.json',
];

/** Names of included Makefiles that none of the globs has, and that the client was asked to watch. */
export class NamedMakefiles {
  private readonly watched = new Set<string>();

  /** Asks the client to watch what has been included since the last time: `include rules.inc`. */
  async watch({ connection, features, session }: ServerContext): Promise<void> {
    if (!features.watchesFiles) return;
    const names = session.workspace
      .all()
      .flatMap(({ project }) => [...project.makefiles])
      .map((path) => basename(path))
      .filter((name) => !isMakefile(name) && !this.watched.has(name));
    const watchers = [...new Set(names)].map((name) => {
      this.watched.add(name);
      return { globPattern: `**/${name.replace(/[*?{}[\]]/g, '?')}` };
    });
    if (watchers.length > 0)
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }
}

/** Asks the client to watch, when it can. */
export async function watchFiles({ connection, features }: ServerContext): Promise<void> {
  if (!features.watchesFiles) return;
  const watchers = globs.map((globPattern) => ({ globPattern }));
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}

function isMakefile(file: string): boolean {
  return /^(?:Makefile|Kbuild)|\.mk$/.test(basename(file));
}

function howOf(type: FileChangeType): ChangedFile['how'] {
  if (type === FileChangeType.Created) return 'came';
  return type === FileChangeType.Deleted ? 'went' : 'changed';
}

/** @returns whether anything that we know of changed */
export async function filesChanged(
  server: ServerContext,
  { changes }: DidChangeWatchedFilesParams,
): Promise<boolean> {
  const files = changes.flatMap(({ uri, type }) => {
    const file = pathOf(uri);
    return file === undefined ? [] : [{ file, type }];
  });
  server.session.workspace.arrivals.changed(
    files.map(({ file, type }) => ({ file, how: howOf(type) })),
  );
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
      ({ file, type }) =>
        type !== FileChangeType.Changed ||
        isMakefile(file) ||
        project.makefiles.has(project.reportPath(file)),
    );
    project.invalidate(
      inside.map(({ file }) => project.reportPath(file)),
      structure,
    );
  }
  return files.length > 0;
}
