/** As much of node's `os` as the server names. */
export const devNull = '/dev/null';

export function availableParallelism(): number {
  return 1;
}
