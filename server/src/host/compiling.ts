/**
 * How eagerly V8 compiles. A check runs for seconds, through more code than it repeats: by default half of
 * its processor time goes into optimizing functions that are hardly called again before it ends.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs through before it is worth optimizing: twice V8's own. */
const budget = 270_000;
/**
 * Of how many bytes of bytecode a function may be that is made a part of another, and of how many all such: a third
 * of V8's own.
 */
const inlined = 150;
const inlinedTogether = 300;

/**
 * Plain machine code at once instead of interpreting first, and fewer functions optimized, each by itself. To be called
 * once at the start of a process; it counts for all its threads. V8 says nothing of flags that it does not
 * have (any more).
 * @param life whether the process answers once, or as long as somebody asks
 */
export function compileSparingly(life: 'one run' | 'long'): void {
  setFlagsFromString('--always-sparkplug');
  setFlagsFromString(`--interrupt-budget=${budget}`);
  // A function that swallows many others takes longest to compile; in a server it is called often enough to be worth
  // that.
  if (life === 'long') return;
  setFlagsFromString(`--max-inlined-bytecode-size=${inlined}`);
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${inlinedTogether}`);
}
