/** As much of node's `crypto` as the server names. */
import { Buffer } from 'buffer/';

export function randomBytes(count: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(count)));
}

/** Answers are kept on disk under such a hash; a worker keeps none. */
export function createHash(): never {
  throw new Error('nothing is kept on disk here');
}
