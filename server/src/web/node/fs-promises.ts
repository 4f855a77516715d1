/** Node's `fs/promises` over the worker's files. */
import { readFileSync } from './fs.ts';

export async function readFile(path: string): Promise<Uint8Array> {
  return readFileSync(path) as Uint8Array;
}
