/** Whether a pointer is given something else once what it led to has ended: whoever comes next sees that. */

import type { CallFact, PathValue } from '../../facts/types.ts';
import type { Pass } from '../../pass.ts';
import { pathIn } from '../../program/objects.ts';
import type { Frame } from '../../program/run-through.ts';

/**
 * A local takes over what members hold, and each of these is given something else on the way to the call
 * or after it: whoever comes next sees that.
 */
function isTakenOver({ catalog }: Pass, frame: Frame, call: CallFact): boolean {
  const path = call.args[0] && pathIn(call.args[0].value);
  if (!path || path.steps.length > 0) return false;
  const { assigns } = frame.fn.facts;
  const flow = catalog.flows.of(frame.fn.facts);
  const given = assigns.filter(({ target }) => isRoot(target, path.root));
  return (
    given.length > 0 &&
    given.every(
      ({ value, end }) =>
        value.kind === 'path' &&
        value.steps.length > 0 &&
        assigns.some(
          (one) =>
            one.start > end &&
            (flow.dominates(one, call) || flow.canFollow(call, one)) &&
            one.target.steps.length > 0 &&
            one.target.steps.join() === value.steps.join(),
        ),
    )
  );
}

export function isRoot({ root, steps, address }: PathValue, name: string): boolean {
  return root === name && steps.length === 0 && address === 0;
}

/** Whether the pointer is given something else after a call, in its function or in those above. */
export function isSetAnew(pass: Pass, frame: Frame, call: CallFact): boolean {
  if (isTakenOver(pass, frame, call)) return true;
  let path = call.args[0] && pathIn(call.args[0].value);
  let after = call.end;
  for (let at: Frame | null = frame; at && path; at = at.parent) {
    const last = path.steps.at(-1);
    if (
      last !== undefined &&
      at.fn.facts.assigns.some(
        (one) => one.start > after && one.target.steps.at(-1) === last && !one.declares,
      )
    )
      return true;
    if (!at.call || path.steps.length > 0) return false;
    const { root } = path;
    const index = at.fn.facts.params.findIndex((one) => one.name === root);
    const above: CallFact['args'][number] | undefined = at.call.args[index];
    path = above && pathIn(above.value);
    after = at.call.end;
  }
  return false;
}
