/**
 * A work or timer that the way out stops, or a queue that it destroys, while something that starts it can
 * still run: another worker that is stopped later, a call of an open file, its last close.
 */
import type { Pass, Question } from '../pass.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { MemberKey } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf, type Stop, shareMember, stopsOf } from '../program/stops.ts';
import { type Worker, type Workers, workersIn } from '../program/workers.ts';
import type { ClosedBinding } from '../teardown/bindings.ts';
import { type End, endedWhile, endsIn, isPlainWay, waysToCalls } from './ends.ts';
import { isFlagged } from './flagged.ts';
import { idlenessOf, isHeld } from './held-nodes.ts';
import { endsOfNodes, nodesIn } from './nodes.ts';
import { runByCalls } from './run-by-calls.ts';
import { canComeAfter, comesBefore, isMeant, isOpen, type Way } from './ways.ts';

/** Who starts it. */
export interface Feeder {
  readonly kind: 'worker' | 'close' | 'call' | 'node';
  readonly fn: FunctionRef;
  /** For messages: `.postclose of drm_driver`, `the work`. */
  readonly what: string;
  /** Where the feeder itself is stopped, after what it starts. */
  readonly stop: Way | undefined;
}

export interface Fed {
  readonly end: End;
  readonly feeder: Feeder;
  /** From the feeder down to the call that starts it. */
  readonly way: Way;
  /** The feeder comes there each time, and the way out always ends it. */
  readonly plain: boolean;
  /** Why it can be that nothing comes of it. */
  readonly doubt?: string;
}

/** What one driver's way out ends before those that feed it, once for each thing. */
export function fedAfterEnd(pass: Pass, binding: ClosedBinding): Fed[] {
  const ended = endsIn(pass, binding.end.fn).filter(
    ({ kind, what }) => kind === 'stopped' || what === 'workqueue',
  );
  if (ended.length === 0) return [];
  const stops = workerStops(pass, binding);
  const found = new Map<string, Fed>();
  for (const end of ended) {
    const name = `${end.key.tag}.${end.key.member}`;
    const fed = found.has(name) ? undefined : firstFed(pass, binding, end, stops);
    if (fed) found.set(name, fed);
  }
  return [...found.values()];
}

/**
 * Where a driver's ways out stop workers: by themselves, and in the callbacks that a call of theirs runs, as when
 * outputs go off.
 */
export function workerStops(pass: Pass, { ends }: ClosedBinding): readonly Stop[] {
  const isWorker = ({ release }: Stop): boolean => groups.has(release.group);
  const run = runByCalls(pass);
  return ends.flatMap((fn) => [
    ...stopsOf(pass, fn).filter(isWorker),
    ...run.flatMap(([names, callbacks]) =>
      waysToCalls(pass, fn, names).flatMap((way) =>
        callbacks.flatMap((callback) =>
          stopsOf(pass, callback.fn)
            .filter(isWorker)
            .map((stop): Stop => ({ ...stop, way: [...way, ...stop.way] })),
        ),
      ),
    ),
  ]);
}

/** What runs when it is started again. */
export function runsOf(pass: Pass, key: MemberKey): readonly FunctionRef[] {
  return workersIn(pass)
    .heldBy([key])
    .map(({ handler }) => handler);
}

const groups = new Set(['work', 'workqueue', 'timer']);

function firstFed(
  pass: Pass,
  binding: ClosedBinding,
  end: End,
  stops: readonly Stop[],
): Fed | undefined {
  const own = stops.filter(({ keys }) => shareMember(known(keys), [end.key]));
  // What cannot be started again, or is stopped once more by an action, is over.
  if (own.some(({ release, way }) => release.final || way[0]?.caller !== binding.end.fn))
    return undefined;
  if (end.kind === 'stopped' && !isOfDevice(pass, binding, end.key)) return undefined;
  const starts = startsOf(pass, end);
  if (starts.length === 0) return undefined;
  const ways = pass.graph.waysFrom(starts);
  const candidates = [
    ...workersBefore(
      pass,
      binding,
      end,
      own.length > 0 ? own.map(({ way }) => way) : [end.way],
      stops,
    ),
    // A destroyed queue that the last close works on is told by open-file-uses-ended.
    ...(end.kind === 'stopped' ? closers(pass, end) : []),
    ...(end.kind === 'stopped' ? nodesBefore(pass, binding, end) : []),
    ...calls(pass),
  ];
  return firstOf(pass, binding, end, candidates, ways);
}

/** The first of those that start a thing after it has ended: one that does each time, where there is any. */
export function firstOf(
  pass: Pass,
  binding: ClosedBinding,
  end: End,
  candidates: readonly Feeder[],
  ways: ReturnType<Pass['graph']['waysFrom']>,
): Fed | undefined {
  const fed = candidates
    .filter(({ fn }) => ways.has(fn))
    .flatMap((feeder): Fed[] => {
      const way = ways.from(feeder.fn);
      const barred =
        way.some(({ caller, call }) => pass.catalog.flows.of(caller.facts).isGuarded(call)) ||
        isFlagged(pass, way, binding.end.fn, isEnded(feeder) ? end.way : undefined) ||
        !isOpen(pass, way) ||
        !isMeant(pass, way, ways);
      if (barred) return [];
      return [{ end, feeder, way, plain: end.always && isPlainWay(pass, way) }];
    });
  return fed.find(({ plain, feeder }) => plain && feeder.kind !== 'call') ?? fed[0];
}

/** Whether the feeder itself has an end on the way out: a flag that is set after that is late. */
function isEnded({ kind }: Feeder): boolean {
  return kind === 'worker' || kind === 'node';
}

function known(keys: readonly MemberKey[]): MemberKey[] {
  return keys.filter(({ tag }) => tag !== '');
}

/** Whether probe sets the worker up: those of single files and jobs have ends of their own. */
function isOfDevice(pass: Pass, { starts }: ClosedBinding, key: MemberKey): boolean {
  return workersIn(pass)
    .heldBy([key])
    .some(({ init }) => pass.graph.isReachedFrom(init.caller, starts));
}

/** The calls that start a worker, or put one on a queue. */
function startsOf(pass: Pass, { key, kind }: End): CallSite[] {
  return pass.catalog.data.milestones.flatMap(({ role, name, object }) => {
    if (role !== 'queue-work' || object === undefined) return [];
    const index = kind === 'stopped' ? object : object - 1;
    if (index < 0) return [];
    return pass.program
      .callsOf(name)
      .filter(({ caller, call }) =>
        shareMember(known(keysOf(pass.program, caller, call, index)), [key]),
      );
  });
}

/**
 * The other workers of the device that the way out stops too, and not before.
 * @param before where the way out ends the thing
 */
export function workersBefore(
  pass: Pass,
  binding: ClosedBinding,
  end: End,
  before: readonly Way[],
  stops: readonly Stop[],
): Feeder[] {
  const workers = workersIn(pass);
  return workers.all.flatMap((worker): Feeder[] => {
    if (shareMember(known(worker.keys), [end.key]) || !workers.isStarted(worker)) return [];
    if (!pass.graph.isReachedFrom(worker.init.caller, binding.starts)) return [];
    const halts = haltsOf(workers, worker, stops);
    if (halts.some((halt) => before.some((way) => comesBefore(pass, halt.way, way)))) return [];
    // One that nothing stops has a rule of its own, and one that is stopped before under a condition is known.
    const stop = halts.find((halt) => before.some((way) => isLater(pass, halt.way, way)))?.way;
    return stop
      ? [{ kind: 'worker', fn: worker.handler, what: 'a worker of the driver', stop }]
      : [];
  });
}

/** Whether a stop can follow: an action of devm does, and what the same function does later. */
function isLater(pass: Pass, stop: Way, end: Way): boolean {
  return stop[0]?.caller !== end[0]?.caller || canComeAfter(pass, end, stop);
}

/** Where a worker is stopped, or its queue. */
function haltsOf(workers: Workers, worker: Worker, stops: readonly Stop[]): readonly Stop[] {
  const queues = workers.queuesOf(worker);
  workers.effort.spend(stops.length >>> 2);
  return stops.filter(({ keys, release }) =>
    shareMember(known(keys), release.group === 'workqueue' ? queues : worker.keys),
  );
}

/** What late code stops itself. */
const stoppedLate: Question<null, readonly MemberKey[]> = {
  answer: (pass) =>
    lateUsersOf(pass)
      .rootsBut(undefined)
      .flatMap(({ fn }) => stopsOf(pass, fn))
      .flatMap(({ keys }) => known(keys)),
};

/** What runs through something that the driver has registered and takes down only afterwards, or devm does. */
function nodesBefore(pass: Pass, binding: ClosedBinding, end: End): Feeder[] {
  const { fn: out } = binding.end;
  return nodesIn(pass).flatMap((node): Feeder[] => {
    const { group, site, managed, handlers } = node;
    if (!pass.graph.isReachedFrom(site.caller, binding.starts)) return [];
    const stops = endsOfNodes(pass, out, group);
    if (!endedWhile(pass, stops, managed && stops.length === 0)(end)) return [];
    const idle = idlenessOf(pass, binding, group);
    if (idle === 'always' || (idle === 'unless held' && isHeld(pass, out, group, end.way)))
      return [];
    const [stop] = stops;
    return handlers.map((fn) => ({ kind: 'node', fn, what: group.what, stop }));
  });
}

/** What the last close runs: after unbind, unless something late stops the worker again. */
function closers(pass: Pass, { key }: End): Feeder[] {
  return shareMember(pass.ask(stoppedLate, null), [key])
    ? []
    : lateUsersOf(pass)
        .rootsBut(undefined)
        .filter(({ when }) => when === 'close')
        .map(({ fn, what }) => ({ kind: 'close', fn, what, stop: undefined }));
}

/** What an open file calls: unplug does not wait for what is under way outside of drm_dev_enter(). */
function calls(pass: Pass): Feeder[] {
  return pass.tableFunctions
    .filter(
      ({ role, table, entry }) =>
        role === 'open-file' &&
        !pass.catalog.ops.get(table.struct)?.closing?.includes(entry.member),
    )
    .map(({ fn, table, entry }) => ({
      kind: 'call',
      fn,
      what: `\`.${entry.member}\` of ${table.struct}`,
      stop: undefined,
    }));
}
