/**
 * `driver-teardown lsp`: becomes the language server. The server is a program of its own and is
 * loaded by name, so that the other commands do not carry it.
 */
import { pathToFileURL } from 'node:url';
import type { Assets } from '../../host/assets.ts';

/** Never resolves: the server ends the process when its client says so. */
export async function lsp(assets: Assets): Promise<never> {
  await import(pathToFileURL(assets.server).href);
  return new Promise<never>(() => {});
}
