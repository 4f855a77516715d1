/** source.fixAll.driverTeardown: every safe fix of the document's findings, as one edit. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver/node';
import type { Fix } from '../../core/result.ts';
import { fixAll } from '../../host/fix-all.ts';
import { protoContext, type ServerContext } from '../context.ts';
import type { Snapshot } from '../session.ts';
import { toWorkspaceEdit } from '../to-proto.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.driverTeardown`;

/** Whether a request asks for it: by its kind or a wider one. */
export function wantsFixAll(only: readonly string[] | undefined): boolean {
  return (
    only?.some(
      (kind) => kind !== '' && (fixAllKind === kind || fixAllKind.startsWith(`${kind}.`)),
    ) ?? false
  );
}

export async function fixAllActions(
  server: ServerContext,
  { open, analyses }: Snapshot,
  isCancelled: () => boolean,
): Promise<CodeAction[]> {
  const { project } = open.handle;
  for (const analysis of analyses) {
    const wanted = (finding: { readonly place: { readonly file: string } }) =>
      finding.place.file === open.path;
    const { applied, edits } = await fixAll(project, analysis, wanted, isCancelled);
    if (applied.length === 0 || isCancelled()) continue;
    const many = applied.length === 1 ? '1 fix' : `${applied.length} fixes`;
    const title = `Apply all safe fixes of Driver Teardown (${many})`;
    const all: Fix = { id: 'fix-all', title, safety: 'safe', preferred: false, edits, creates: [] };
    const edit = toWorkspaceEdit(all, protoContext(server, project, analyses));
    // A document of two modules is fixed by the first that has something: the next request sees to the rest.
    return [{ title, kind: fixAllKind, edit }];
  }
  return [];
}
