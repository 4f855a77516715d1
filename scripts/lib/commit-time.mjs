/** The time that goes into packages instead of the clock's, so that one commit always gives the same bytes. */
import { spawnSync } from 'node:child_process';

/** Seconds since 1970 of the newest commit, of SOURCE_DATE_EPOCH where it is set, or of a fixed day. */
export function commitTime(root) {
  if (process.env.SOURCE_DATE_EPOCH) return process.env.SOURCE_DATE_EPOCH;
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 && /^\d+\s*$/.test(stdout) ? stdout.trim() : '1767225600';
}
