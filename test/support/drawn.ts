/** Which of several alike a run of the tests looks at: the commit draws one, so that each has its turn. */
import { spawnSync } from 'node:child_process';

/** One of them; all with DRIVER_TEARDOWN_ALL_TESTS set, and where no commit is there to draw. */
export function drawnByCommit<T>(all: readonly T[]): readonly T[] {
  if (process.env.DRIVER_TEARDOWN_ALL_TESTS) return all;
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  if (status !== 0) return all;
  const at = Number.parseInt(stdout.slice(0, 6), 16) % all.length;
  return all.slice(at, at + 1);
}
