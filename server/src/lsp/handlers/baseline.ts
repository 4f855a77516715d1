/** The command driverTeardown.addToBaseline: a finding is known from now on, and not told again. */
import {
  type CancellationToken,
  MessageType,
  ShowMessageNotification,
} from 'vscode-languageserver/node';
import { addToBaseline, BaselineError } from '../../host/baseline.ts';
import { type ServerContext, throwIfCancelled } from '../context.ts';
import type { AddToBaselineParams } from '../protocol.ts';

/** @returns whether the finding is listed now */
export async function listInBaseline(
  server: ServerContext,
  { uri, fingerprint }: AddToBaselineParams,
  token: CancellationToken,
): Promise<boolean> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  const finding = snapshot?.findings.find((one) => one.fingerprint === fingerprint);
  if (snapshot === undefined || finding === undefined) return false;
  const { handle } = snapshot.open;
  const tell = (type: MessageType, message: string): void =>
    void server.connection.sendNotification(ShowMessageNotification.type, { type, message });
  try {
    addToBaseline(handle.baseline, finding);
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    tell(MessageType.Error, `${handle.baseline}: ${error.message}`);
    return false;
  }
  handle.readBaseline();
  tell(MessageType.Info, `${handle.project.reportPath(handle.baseline)} lists the finding now`);
  return true;
}
