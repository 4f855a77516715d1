/**
 * Gives memory back between modules. V8 looks for what is left over only when the heap has grown to
 * several times of what was in use: after a large module it holds hundreds of megabytes of nothing.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** With less in use than this a look costs more than it gives back. */
const worthwhileBytes = 250_000_000;

/** To be called when a large part of what is in memory has just been let go. */
export function collectIfLarge(): void {
  if (getHeapStatistics().used_heap_size < worthwhileBytes) return;
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
