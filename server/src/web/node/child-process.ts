/** Node's `child_process`: a browser starts no programs, which is said as when git is not installed. */
export function execFile(
  program: string,
  _args: readonly string[],
  _options: object,
  done: (error: Error & { readonly code: string }, out: Uint8Array, said: Uint8Array) => void,
): void {
  const error = Object.assign(new Error(`${program} cannot be started here`), { code: 'ENOENT' });
  done(error, new Uint8Array(), new Uint8Array());
}
