/** Work items and timers: which function each runs, and on which queue it is put. */
import type { Catalog, Milestone } from '../catalog.ts';
import type { Effort } from '../effort.ts';
import type { Pass, Question } from '../pass.ts';
import type { CallGraph } from './call-graph.ts';
import { type MemberKey, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import { keysOf, shareMember } from './stops.ts';

/** One initialisation of a work item or timer. */
export interface Worker {
  readonly keys: readonly MemberKey[];
  readonly handler: FunctionRef;
  readonly init: CallSite;
}

/** One call that puts work on a queue. */
interface Queued {
  readonly site: CallSite;
  readonly work: readonly MemberKey[];
  readonly queue: readonly MemberKey[];
}

/** The workers of a module, read once. */
export function workersIn(pass: Pass): Workers {
  return pass.ask(workers, null);
}

const workers: Question<null, Workers> = {
  answer: ({ program, catalog, graph }) => new Workers(program, catalog, graph),
};

export class Workers {
  readonly all: readonly Worker[];
  private readonly queued: readonly Queued[];
  /** What looking through all of them costs is counted here. */
  readonly effort: Effort;
  private readonly begun = new Map<Worker, readonly Queued[]>();

  constructor(program: Program, catalog: Catalog, graph: CallGraph) {
    const all: Worker[] = [];
    const queued: Queued[] = [];
    for (const milestone of catalog.data.milestones) {
      if (milestone.object === undefined) continue;
      for (const { caller, call } of milestone.role === 'init-work' ||
      milestone.role === 'queue-work'
        ? program.callsOf(milestone.name)
        : []) {
        const keys = keysOf(program, caller, call, milestone.object);
        if (milestone.role === 'queue-work') {
          // The queue stands before the work in every such call that names one.
          const queue =
            milestone.object > 0 ? keysOf(program, caller, call, milestone.object - 1) : [];
          queued.push({ site: { caller, call }, work: keys, queue });
          continue;
        }
        for (const handler of handlersOf(program, graph, milestone, { caller, call }))
          all.push({ keys, handler, init: { caller, call } });
      }
    }
    this.effort = program.queries.effort;
    this.all = all;
    this.queued = queued;
  }

  /** The workers that a member holds. */
  heldBy(keys: readonly MemberKey[]): readonly Worker[] {
    this.effort.spend(this.all.length >>> 2);
    return this.all.filter((worker) => shareMember(worker.keys, keys));
  }

  /** The workers that are put on a queue. */
  on(queue: readonly MemberKey[]): readonly Worker[] {
    this.effort.spend(this.queued.length >>> 2);
    const works = this.queued
      .filter((one) => shareMember(one.queue, queue))
      .flatMap((one) => one.work);
    return this.heldBy(works);
  }

  /** The queues that a worker is put on. */
  queuesOf(worker: Worker): readonly MemberKey[] {
    return this.queuedFor(worker).flatMap((one) => one.queue);
  }

  /** The calls that start the worker. */
  startsOf(worker: Worker): readonly CallSite[] {
    return this.queuedFor(worker).map(({ site }) => site);
  }

  private queuedFor(worker: Worker): readonly Queued[] {
    let found = this.begun.get(worker);
    if (found === undefined) {
      this.effort.spend(this.queued.length >>> 2);
      found = this.queued.filter((one) => shareMember(one.work, worker.keys));
      this.begun.set(worker, found);
    }
    return found;
  }

  /** Whether anything ever starts the worker. */
  isStarted(worker: Worker): boolean {
    return this.queuedFor(worker).length > 0;
  }
}

/**
 * What an initialisation says that the worker runs: an argument, or what its function stores into a member of the
 * object.
 */
function handlersOf(
  program: Program,
  graph: CallGraph,
  { handler, handlerMember, object = 0 }: Milestone,
  { caller, call }: CallSite,
): readonly FunctionRef[] {
  const given = call.args[handler ?? -1];
  if (given) return graph.handedAs(caller, given.value);
  const argument = call.args[object];
  const path = handlerMember === undefined || !argument ? undefined : pathIn(argument.value);
  if (!path) return [];
  const wanted = [...path.steps, handlerMember].join('.');
  return caller.facts.assigns.flatMap(({ target, value }) =>
    target.root === path.root &&
    target.steps.join('.') === wanted &&
    value.kind === 'path' &&
    value.steps.length === 0
      ? (program.resolve(value.root, caller.file) ?? [])
      : [],
  );
}
