/** What a local stands for at a point: the one assignment that reaches it, followed back. */
import { push } from '../../push.ts';
import type { AssignFact, CallFact, FunctionFacts, PathValue } from '../types.ts';
import type { Graph, Point } from './graph.ts';

/** Where an expression leads when locals are replaced by what they hold there. */
export interface Standing {
  readonly path: PathValue;
  /** The call whose result is at the root of the path. */
  readonly call: CallFact | null;
}

const maximumAliases = 8;

/** @param point where the expression stands */
export function standsFor(
  fn: FunctionFacts,
  graph: Graph,
  path: PathValue,
  point: Point,
): Standing {
  let at = path;
  let from = point;
  for (let i = 0; i < maximumAliases; i++) {
    const given = fn.altered.includes(at.root) ? undefined : reaching(fn, graph, at.root, from);
    if (!given || given.adds) break;
    const { value } = given;
    if (value.kind === 'call') return { path: at, call: fn.calls[value.call] ?? null };
    if (value.kind !== 'path' || value.root === at.root) break;
    // What a pointer behind a pointer holds is not followed: `*p = x` can have changed it.
    if (value.address === -1) break;
    at = {
      kind: 'path',
      root: value.root,
      steps: [...value.steps, ...at.steps],
      address: at.steps.length === 0 ? at.address || value.address : at.address,
    };
    from = given;
  }
  return { path: at, call: null };
}

/** The assignment to a local that every way to a point has passed last; undefined for none and for several. */
function reaching(
  fn: FunctionFacts,
  graph: Graph,
  name: string,
  point: Point,
): AssignFact | undefined {
  if (!fn.locals.some((one) => one.name === name)) return undefined;
  const byBlock = new Map<number, AssignFact[]>();
  for (const one of fn.assigned.to(name)) {
    push(byBlock, one.block, one);
  }
  const lastIn = (block: number, before: number) =>
    byBlock.get(block)?.findLast(({ end }) => end < before);
  const own = lastIn(point.block, point.end);
  if (own) return own;
  const found = new Set<AssignFact>();
  const seen = new Set(graph.previous[point.block]);
  for (const block of seen) {
    const last = lastIn(block, Number.POSITIVE_INFINITY);
    if (last) found.add(last);
    else for (const before of graph.previous[block] ?? []) seen.add(before);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
