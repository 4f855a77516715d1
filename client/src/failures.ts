/** What is said when the server could not do what was asked of it. */
import * as vscode from 'vscode';
import { wasCancelled } from './cancelled.ts';
import type { FeatureContext } from './context.ts';

/**
 * Shows and logs a failure; one that somebody wanted, by cancelling, is none.
 * @param what for the log: the request, or what was tried
 * @param words for people, with the error in them
 */
export async function tellFailure(
  { log }: Pick<FeatureContext, 'log'>,
  what: string,
  error: unknown,
  words: string,
): Promise<void> {
  if (wasCancelled(error)) return;
  log.error(`${what}: ${String(error)}`);
  await vscode.window.showErrorMessage(words);
}
