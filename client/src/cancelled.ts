/** Whether a request ended because somebody did not want its answer any more: nothing to complain of. */
import * as vscode from 'vscode';

/** Whether the server gave a request up because a document changed meanwhile: it may be asked again. */
export function wasOvertaken(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return code === -32801 || code === -32802;
}

/** LSP's codes for a request that was cancelled, by the user or by the server. */
export function wasCancelled(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return error instanceof vscode.CancellationError || code === -32800 || code === -32802;
}
