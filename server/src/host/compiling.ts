/**
 * How eagerly V8 compiles. A check runs for seconds, through more code than it repeats: by default half of
 * its processor time goes into optimizing functions that are hardly called again before it ends.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs through before it is worth optimizing: twice V8's own. */
const budget = 270_000;

/**
 * Plain machine code at once instead of interpreting first, and fewer functions optimized. To be called
 * once at the start of a process; it counts for all its threads. V8 says nothing of flags that it does not
 * have (any more).
 */
export function compileSparingly(): void {
  setFlagsFromString('--always-sparkplug');
  setFlagsFromString(`--interrupt-budget=${budget}`);
}
