/**
 * Which work items, timers and tasklets run more than once, and why. One that only probe puts on a queue
 * runs once, whatever lies between: functions, other works that run once, the answer of a firmware loader.
 */
import type { Catalog } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import { push } from '../push.ts';
import type { CallGraph } from './call-graph.ts';
import type { TableFunction } from './entries.ts';
import { lastStep } from './listed.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import { Workers } from './workers.ts';

/** What the judgement reads of a module. */
export interface RoundsContext {
  readonly program: Program;
  readonly graph: CallGraph;
  readonly catalog: Catalog;
  readonly tableFunctions: readonly TableFunction[];
}

/** Why a handler runs again. */
export interface Again {
  readonly reason: string;
  /** The calls in the handler that have it run again, when nothing else does. */
  readonly own: readonly CallFact[];
}

/** Roles whose functions run once in the life of a driver's device. */
const once = new Set(['probe', 'bind', 'remove', 'unbind', 'shutdown', 'last-put', 'release']);

export class Rounds {
  readonly workers: Workers;
  private readonly context: RoundsContext;
  private readonly handlers: ReadonlySet<FunctionRef>;
  private readonly origins = new Map<FunctionRef, ReadonlySet<FunctionRef>>();
  /** The members that hold a function in tables of the module. */
  private readonly tabled = new Map<FunctionRef, { struct: string; member: string }[]>();
  /** The calls that have a handler run. */
  private readonly queues = new Map<FunctionRef, CallSite[]>();
  /** What known tables call the members that run once. */
  private readonly onceMembers: ReadonlySet<string>;

  constructor(context: RoundsContext) {
    const { program, catalog, graph } = context;
    this.context = context;
    this.workers = new Workers(program, catalog, graph);
    this.handlers = new Set(this.workers.all.map(({ handler }) => handler));
    for (const worker of this.workers.all)
      for (const start of this.workers.startsOf(worker)) push(this.queues, worker.handler, start);
    this.onceMembers = new Set(
      [...catalog.ops.values()].flatMap(({ members }) =>
        Object.entries(members).flatMap(([member, role]) =>
          once.has(role) && role !== 'release' ? [member] : [],
        ),
      ),
    );
    for (const { file, table } of program.tables())
      for (const { member, value } of table.entries) {
        const fn = program.resolve(value, file);
        if (!fn) continue;
        const held = this.tabled.get(fn) ?? [];
        held.push({ struct: table.struct, member });
        this.tabled.set(fn, held);
      }
  }

  /** Why a handler runs more than once; undefined when nothing in the module shows that. */
  again(handler: FunctionRef): Again | undefined {
    const origins = this.originsOf(handler);
    for (const fn of origins) {
      if (fn === handler) continue;
      const why = this.entry(fn) ?? (this.isHandler(fn) && this.turns(fn) ? turning : undefined);
      if (why !== undefined)
        return { reason: `${kind}; \`${fn.name}\` has it run, and ${why}`, own: [] };
    }
    if (!origins.has(handler)) return undefined;
    const own = this.queuesOf(handler);
    return {
      reason: `${kind}, which has itself run again`,
      own: own.every(({ caller }) => origins.has(caller))
        ? own.flatMap(({ caller, call }) => (caller === handler ? [call] : []))
        : [],
    };
  }

  private turns(handler: FunctionRef): boolean {
    return this.originsOf(handler).has(handler);
  }

  private isHandler(fn: FunctionRef): boolean {
    return this.handlers.has(fn);
  }

  private queuesOf(handler: FunctionRef): readonly CallSite[] {
    return this.queues.get(handler) ?? [];
  }

  /** All that has to run for the handler to run; itself when it is among that. */
  private originsOf(handler: FunctionRef): ReadonlySet<FunctionRef> {
    const known = this.origins.get(handler) ?? this.findOrigins(handler);
    this.origins.set(handler, known);
    return known;
  }

  private findOrigins(handler: FunctionRef): ReadonlySet<FunctionRef> {
    const { graph } = this.context;
    const seen = new Set(this.queuesOf(handler).map(({ caller }) => caller));
    for (const fn of seen) {
      for (const caller of graph.callingFunctions(fn)) seen.add(caller);
      for (const { caller } of this.queuesOf(fn)) seen.add(caller);
      for (const caller of this.askersOf(fn)) seen.add(caller);
    }
    return seen;
  }

  /** The functions that have a kernel function call this one back, once for each time. */
  private askersOf(fn: FunctionRef): FunctionRef[] {
    const { program, catalog } = this.context;
    return program
      .handingsOfFunction(fn)
      .flatMap(({ fn: caller, call }) =>
        call && catalog.milestones.get(call.callee)?.role === 'answer-once' ? [caller] : [],
      );
  }

  /** Why the kernel calls a function more than once. */
  private entry(fn: FunctionRef): string | undefined {
    return this.tableEntry(fn) ?? this.handed(fn);
  }

  private tableEntry(fn: FunctionRef): string | undefined {
    const { catalog, tableFunctions, program } = this.context;
    for (const { member: written, struct } of this.tabled.get(fn) ?? []) {
      const known = catalog.ops.get(struct);
      const member = written.split('.').at(-1) ?? written;
      if (known) {
        const role = tableFunctions.find(
          (one) => one.fn === fn && one.table.struct === struct,
        )?.role;
        if (role !== undefined && !once.has(role))
          return `the kernel calls that through ${struct}.${member}`;
        continue;
      }
      // What the module calls through the member has callers of its own.
      if (this.onceMembers.has(member) || program.callsThrough(member).length > 0) continue;
      return `it is called through ${struct === '' ? 'a table' : `${struct}.${member}`}`;
    }
    return undefined;
  }

  private handed(fn: FunctionRef): string | undefined {
    const { program, catalog } = this.context;
    for (const { assign, call } of program.handingsOfFunction(fn)) {
      if (call && isInterrupt(catalog, call, fn)) return 'an interrupt runs that';
      const member = assign && lastStep(assign.target.steps);
      if (
        member !== undefined &&
        !this.onceMembers.has(member) &&
        program.callsThrough(member).length === 0
      )
        return `the kernel calls that through \`${member}\``;
    }
    return undefined;
  }
}

const kind = 'it is a work item or timer';
const turning = 'that has itself run again';

function isInterrupt(catalog: Catalog, { callee, args }: CallFact, fn: FunctionRef): boolean {
  return catalog.data.interrupts.some(
    ({ name, does, handlers = [] }) =>
      name === callee &&
      does === 'request' &&
      handlers.some((index) => {
        const value = args[index]?.value;
        return value?.kind === 'path' && value.root === fn.name;
      }),
  );
}
