/** The order view's nodes as plain data. Ids hold no position: docs in `order-tree.ts`. */
import type {
  LogState,
  OrderEntry,
  OrderFinding,
  OrderLeft,
  OrderLocation,
  OrderMark,
  OrderRunner,
  OrderStep,
} from '../../../server/src/lsp/protocol.ts';
import type { Severity, TimelineName } from './order-words.ts';

export interface Common {
  readonly id: string;
  readonly parent: OrderNode | undefined;
  readonly label: string;
  readonly description: string;
  /** Made when first asked for. */
  readonly children: readonly OrderNode[];
  /** The worst finding at or below this node. */
  readonly severity: Severity | undefined;
}

export interface EntryNode extends Common {
  readonly type: 'entry';
  readonly entry: OrderEntry;
  /** The one that is open at the start: it has most to say. */
  readonly isMain: boolean;
}

export interface TimelineNode extends Common {
  readonly type: 'timeline';
  readonly entry: OrderEntry;
  readonly timeline: TimelineName;
  /** Undefined until the server was asked: failures of probe are not sent unasked. */
  readonly steps: readonly OrderStep[] | undefined;
}

export interface PhaseNode extends Common {
  readonly type: 'phase';
  readonly phase: OrderStep['phase'];
}

export interface StepNode extends Common {
  readonly type: 'step';
  readonly entry: OrderEntry;
  readonly step: OrderStep;
  /** Counted through the whole timeline, whatever the filter hides. */
  readonly number: number;
  readonly total: number;
}

export interface NoteNode extends Common {
  readonly type: 'note';
}

export interface FindingNode extends Common {
  readonly type: 'finding';
  readonly finding: OrderFinding;
}

export interface EvidenceNode extends Common {
  readonly type: 'evidence';
  readonly location: OrderLocation;
}

/** Steps next to one another that do the same, as one row. */
export interface RunNode extends Common {
  readonly type: 'run';
}

/** What runs by itself during a timeline. */
export interface RunnersNode extends Common {
  readonly type: 'runners';
}

export interface RunnerNode extends Common {
  readonly type: 'runner';
  readonly runner: OrderRunner;
}

/** What a failing probe had taken and is not seen to give back. */
export interface LeftoversNode extends Common {
  readonly type: 'leftovers';
}

export interface LeftNode extends Common {
  readonly type: 'left';
  readonly left: OrderLeft;
}

/** One end of a hazard, below the step or runner that it touches. */
export interface MarkNode extends Common {
  readonly type: 'mark';
  readonly mark: OrderMark;
}

/** A kernel's log beside the order. */
export interface LogNode extends Common {
  readonly type: 'log';
}

export interface LogStepNode extends Common {
  readonly type: 'logStep';
  /** Null for a row that stands for several. */
  readonly location: OrderLocation | null;
  /** `trouble`: the kernel said so; `seen` and `quiet`: a predicted hazard, or a scenario. */
  readonly state: LogState | 'note' | 'trouble' | 'seen' | 'quiet';
}

export type OrderNode =
  | EntryNode
  | TimelineNode
  | PhaseNode
  | StepNode
  | FindingNode
  | EvidenceNode
  | NoteNode
  | RunNode
  | RunnersNode
  | RunnerNode
  | LeftoversNode
  | LeftNode
  | MarkNode
  | LogNode
  | LogStepNode;

export type Own<Node extends OrderNode> = Omit<Node, 'children'>;

/** The node with children that are made once, when somebody looks. */
export function withChildren<Node extends OrderNode>(
  own: Own<Node>,
  make: (node: Node) => readonly OrderNode[],
): Node {
  let made: readonly OrderNode[] | undefined;
  const node: Node = Object.defineProperty(own, 'children', {
    enumerable: true,
    get: () => {
      made ??= make(node);
      return made;
    },
  }) as Node;
  return node;
}
