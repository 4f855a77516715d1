/** Node's `timers/promises`. */
import { soon } from './globals.ts';

export function setImmediate(): Promise<void> {
  return new Promise((resolve) => soon(resolve));
}

export function setTimeout(ms: number): Promise<void> {
  return new Promise((resolve) => globalThis.setTimeout(resolve, ms));
}
