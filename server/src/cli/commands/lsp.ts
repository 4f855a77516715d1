/** `driver-teardown lsp`: becomes the language server. */

/**
 * Never resolves: the server ends the process when its client says so.
 * @param serve loads the server
 */
export async function lsp(serve: () => Promise<unknown>): Promise<never> {
  await serve();
  return new Promise<never>(() => {});
}
