/**
 * The order view's nodes as plain data: entry, timeline, phase, step. Made from the server's answer
 * without VS Code, so that it can be tested alone. Ids hold no position, so that an edit above a
 * step does not make its row jump, collapse or lose the selection.
 */
import type { OrderLocation, OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';

type Severity = OrderStep['findings'][number]['severity'];

interface Common {
  readonly id: string;
  readonly parent: OrderNode | undefined;
  readonly label: string;
  readonly description: string;
  readonly children: readonly OrderNode[];
  /** The worst finding at or below this node. */
  readonly severity: Severity | undefined;
}

export type OrderNode = Common &
  (
    | { readonly type: 'entry'; readonly location: OrderLocation }
    | { readonly type: 'timeline' }
    | { readonly type: 'phase' }
    | { readonly type: 'step'; readonly step: OrderStep; readonly number: number }
  );

export type StepNode = Extract<OrderNode, { type: 'step' }>;

const phaseTitles: Readonly<Record<OrderStep['phase'], string>> = {
  remove: 'remove()',
  devm: 'devm: while unbinding',
  'last-put': 'last drm_dev_put()',
  release: 'drm_driver.release',
  drmm: 'drmm: at the last put',
  manual: 'by hand',
};

const ranks: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

function worst(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return ranks.find((severity) => severities.includes(severity));
}

/** A second thing of one name gets a number, because ids must differ. */
function uniqueIds(): (id: string) => string {
  const seen = new Map<string, number>();
  return (id) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}

/** The children need their parent and the parent its children: the array is filled afterwards. */
function withChildren<Node extends OrderNode>(
  make: (children: readonly OrderNode[]) => Node,
  fill: (parent: Node) => readonly OrderNode[],
): Node {
  const children: OrderNode[] = [];
  const node = make(children);
  children.push(...fill(node));
  return Object.assign(node, { severity: worst(children.map(({ severity }) => severity)) });
}

export function buildOrderTree(result: OrderResult): OrderNode[] {
  const unique = uniqueIds();
  return result.entries.map((entry) =>
    withChildren(
      (children) => ({
        type: 'entry' as const,
        id: unique(`${result.module}/${entry.id}`),
        parent: undefined,
        label: entry.entry,
        description: [result.module, entry.table].filter((text) => text !== '').join(' · '),
        location: entry.location,
        severity: undefined,
        children,
      }),
      (parent) => entry.timelines.map((timeline) => timelineNode(parent, timeline)),
    ),
  );
}

function timelineNode(
  parent: OrderNode,
  timeline: OrderResult['entries'][number]['timelines'][number],
): OrderNode {
  const { steps } = timeline;
  return withChildren(
    (children) => ({
      type: 'timeline' as const,
      id: `${parent.id}/${timeline.timeline}`,
      parent,
      label: timeline.title,
      description: steps.length === 1 ? '1 step' : `${steps.length} steps`,
      severity: undefined,
      children,
    }),
    (node) => phaseNodes(node, steps),
  );
}

/** One node per run of a phase: on unbind without an open file, drmm runs in the middle of devm. */
function phaseNodes(parent: OrderNode, steps: readonly OrderStep[]): OrderNode[] {
  const unique = uniqueIds();
  const uniqueStep = uniqueIds();
  const nodes: OrderNode[] = [];
  for (let start = 0; start < steps.length; ) {
    const phase = steps[start]!.phase;
    let end = start;
    while (end < steps.length && steps[end]!.phase === phase) end++;
    const run = steps.slice(start, end);
    const first = start + 1;
    nodes.push(
      withChildren(
        (children) => ({
          type: 'phase' as const,
          id: unique(`${parent.id}/${phase}`),
          parent,
          label: phaseTitles[phase],
          description: '',
          severity: undefined,
          children,
        }),
        (node) => run.map((step, index) => stepNode(node, step, first + index, uniqueStep)),
      ),
    );
    start = end;
  }
  return nodes;
}

function stepNode(
  parent: OrderNode,
  step: OrderStep,
  number: number,
  unique: (id: string) => string,
): StepNode {
  const severity = worst(step.findings.map((finding) => finding.severity));
  return {
    type: 'step',
    id: unique(`${parent.id}/${step.id}`),
    parent,
    label: step.argument === null ? step.action : `${step.action}(${step.argument})`,
    description: [severity, step.conditional, step.repeats, step.kind, step.function]
      .filter((text): text is string => typeof text === 'string' && text !== '')
      .join(' · '),
    severity,
    step,
    number,
    children: [],
  };
}

/** The timeline of an entry that says most: the first with the worst finding, else the first. */
export function mainTimeline(entry: OrderNode): OrderNode | undefined {
  return entry.children.find(({ severity }) => severity === entry.severity);
}

function covers({ range }: OrderLocation, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

function lines({ range }: OrderLocation): number {
  return range.end.line - range.start.line;
}

/**
 * The step that belongs to a line of a document: the registration there, else the callback there,
 * else the narrower of several. Each step is shown once per timeline: `preferred` is the id of the
 * one to look in first, after it comes the one that says most.
 */
export function stepAt(
  roots: readonly OrderNode[],
  isDocument: (uri: string) => boolean,
  line: number,
  preferred: string | undefined,
): StepNode | undefined {
  let best: { readonly node: StepNode; readonly score: number } | undefined;
  const visit = (node: OrderNode, penalty: number): void => {
    const isMain = node.parent !== undefined && mainTimeline(node.parent) === node;
    if (node.type === 'timeline') penalty = node.id === preferred ? -0.5 : isMain ? -0.25 : 0;
    for (const child of node.children) visit(child, penalty);
    if (node.type !== 'step') return;
    const { registered, callback } = node.step;
    const places = [
      { place: registered, base: 0 },
      { place: callback, base: 100_000 },
    ];
    for (const { place, base } of places) {
      if (place === null || !covers(place, line) || !isDocument(place.uri)) continue;
      const score = base + lines(place) + penalty;
      if (best === undefined || score < best.score) best = { node, score };
    }
  };
  for (const root of roots) visit(root, 0);
  return best?.node;
}
