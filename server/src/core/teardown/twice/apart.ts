/** Where the ways to two endings part: what names a pair of them. */
import type { Site } from '../loops.ts';
import type { Ending } from './endings.ts';

/** Two functions that share a mistake share it for all that they give back. */
export function nameOf(first: Ending, second: Ending): string {
  return apartOf(first, second)
    .map(({ frame }) => `${frame.fn.file.path} ${frame.fn.name}`)
    .join(' ');
}

/** Where two endings part: the calls, as far up as both go the same way. */
export function apartOf(first: Ending, second: Ending): [Site, Site] {
  let [one, other]: [Site, Site] = [first, second];
  while (one.call === other.call) {
    const [above, beside] = [one.frame, other.frame];
    if (!above.parent || !above.call || !beside.parent || !beside.call) break;
    one = { frame: above.parent, call: above.call };
    other = { frame: beside.parent, call: beside.call };
  }
  return [one, other];
}
