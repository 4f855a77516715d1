/** Finding rows: the step of a line, the entry of a name. */
import type { OrderLocation } from '../../../server/src/lsp/protocol.ts';
import type { EntryNode, OrderNode, StepNode } from './order-nodes.ts';
import { mainTimeline } from './order-tree.ts';

function covers({ range }: OrderLocation, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

function lines({ range }: OrderLocation): number {
  return range.end.line - range.start.line;
}

/** Higher than the height of any registration: a callback around the line counts after those. */
const callbackPenalty = 100_000;

/**
 * The step that belongs to a line of a document: the registration there, else the callback there,
 * else the narrower of several. Each step is shown once per timeline: `preferred` is the id of the
 * one to look in first, after it comes the one that says most. What a filter hides is not found.
 */
export function stepAt(
  roots: readonly EntryNode[],
  isDocument: (uri: string) => boolean,
  line: number,
  preferred: string | undefined,
): StepNode | undefined {
  let best: { readonly node: StepNode; readonly score: number } | undefined;
  for (const entry of roots) {
    const main = mainTimeline(entry);
    for (const timeline of entry.children) {
      const bonus = timeline.id === preferred ? 0.5 : timeline === main ? 0.25 : 0;
      for (const node of stepsBelow(timeline)) {
        const score = distance(node, isDocument, line) - bonus;
        if (score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { node, score };
      }
    }
  }
  return best?.node;
}

/** How far a step is from being meant by a line; infinite when neither of its places covers it. */
function distance(
  { step: { registered, callback } }: StepNode,
  isDocument: (uri: string) => boolean,
  line: number,
): number {
  if (covers(registered, line) && isDocument(registered.uri)) return lines(registered);
  if (callback !== null && covers(callback, line) && isDocument(callback.uri))
    return callbackPenalty + lines(callback);
  return Number.POSITIVE_INFINITY;
}

/** The steps at or below a node, in order. */
export function* stepsBelow(node: OrderNode): Generator<StepNode> {
  if (node.type === 'step') yield node;
  else for (const child of node.children) yield* stepsBelow(child);
}

/** The entry by its id, or by the name of its function. */
export function entryNamed(roots: readonly EntryNode[], name: string): EntryNode | undefined {
  return roots.find(({ id }) => id === name) ?? roots.find(({ entry }) => entry.entry === name);
}

/** The timeline at or above a node. */
export function timelineOf(node: OrderNode | undefined): OrderNode | undefined {
  for (let at = node; at !== undefined; at = at.parent) if (at.type === 'timeline') return at;
  return undefined;
}

/** The steps so many rows before and after one of its timeline, the outermost where there are fewer. */
export function rowsAround(
  roots: readonly EntryNode[],
  node: OrderNode,
  distance: number,
): { readonly before: OrderNode | undefined; readonly after: OrderNode | undefined } {
  const timeline = timelineOf(node);
  const entry = roots.find((root) => timeline !== undefined && root.children.includes(timeline));
  if (timeline === undefined || entry === undefined) return { before: undefined, after: undefined };
  const steps = [...stepsBelow(timeline)];
  const at = steps.findIndex(({ id }) => id === node.id);
  if (at < 0) return { before: undefined, after: undefined };
  return {
    before: outside(steps[Math.max(0, at - distance)]),
    after: outside(steps[Math.min(steps.length - 1, at + distance)]),
  };
}

/** The row that stands for a step: a folded run stays closed. */
function outside(step: StepNode | undefined): OrderNode | undefined {
  return step?.parent?.type === 'run' ? step.parent : step;
}
