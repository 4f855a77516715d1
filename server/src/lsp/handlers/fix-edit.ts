/** driverTeardown/fixEdit: the edits of a fix, for editors that show them before they are applied. */
import {
  type CancellationToken,
  type ExecuteCommandParams,
  MessageType,
  ShowMessageNotification,
} from 'vscode-languageserver/node';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type { FixAppliedParams, FixEditResult, WhatIfParams } from '../protocol.ts';
import { afterwards, toWorkspaceEdit } from '../to-proto.ts';
import { inMenu } from '../trials.ts';

export async function fixEdit(
  server: ServerContext,
  { uri, fingerprint, fix: id }: WhatIfParams,
  token: CancellationToken,
): Promise<FixEditResult | null> {
  const isCancelled = (): boolean => token.isCancellationRequested;
  const snapshot = await server.session.analyse(uri, isCancelled);
  throwIfCancelled(token);
  for (const module of snapshot?.analyses ?? []) {
    const finding = module.findings.find((one) => one.fingerprint === fingerprint);
    if (snapshot === undefined || finding === undefined) continue;
    const { project } = snapshot.open.handle;
    const tried = await server.trials.of(project, module, finding, isCancelled);
    throwIfCancelled(token);
    const found = tried.find(({ fix }) => fix.id === id && fix.edits.length > 0);
    if (found === undefined) continue;
    const fix = inMenu(found);
    const context = protoContext(server, project, [module]);
    const edit = toWorkspaceEdit(fix, context);
    return { title: fix.title, edit, afterwards: afterwards(fix, context) };
  }
  return null;
}

/** The command driverTeardown.fixApplied: a title has no room for what should be known of a fix. */
export function fixApplied(
  { connection }: ServerContext,
  { arguments: given = [] }: ExecuteCommandParams,
): null {
  const { title, notice, creates = [] } = (given[0] ?? {}) as Partial<FixAppliedParams>;
  if (typeof title !== 'string' || typeof notice !== 'string') return null;
  const text = `To look at: ${notice} (${title})`.replaceAll('`', '');
  const type = creates.length > 0 ? MessageType.Warning : MessageType.Info;
  void connection.sendNotification(ShowMessageNotification.type, { type, message: text });
  return null;
}
