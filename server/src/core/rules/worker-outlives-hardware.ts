/** Work that reaches the hardware and is stopped only at the last put, or queues used after they are gone. */

import type { ReleaseVerb } from '../catalog.ts';
import { lateCause } from '../causes.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { cancelAtUnbind } from '../fixes/cancel-at-unbind.ts';
import { isLibrary } from '../fixes/library.ts';
import { stopAtUnbind } from '../fixes/stop-at-unbind.ts';
import { devmHeldBy } from '../hazards/late-memory.ts';
import { unmapsFirst } from '../hazards/register-mappings.ts';
import type { Question } from '../pass.ts';
import { placeInside } from '../places.ts';
import { type Leads, Ways } from '../program/call-graph.ts';
import { guardingFunctions } from '../program/guarding.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { keysOf, type Stop, shareMember, stopsOf } from '../program/stops.ts';
import { unstoppedWorkers } from '../program/unstopped.ts';
import { usesIn } from '../program/uses.ts';
import { type Worker, type Workers, workersIn } from '../program/workers.ts';
import { sameItems, sameSet } from '../queries/same.ts';
import type { ChainLink } from '../result.ts';
import { bindingsOf, closedBindingsOf, ownerAmong } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** What is known of the module before a registration is judged. */
interface World {
  readonly pass: Pass;
  readonly workers: Workers;
  /** Ways to registers, and to releases of pinned memory, that nothing guards. */
  readonly hardware: readonly { readonly what: string; readonly ways: Ways }[];
  /** What the way in runs: work that is set up elsewhere belongs to open files and goes with them. */
  readonly probed: ReadonlySet<FunctionRef>;
  /** The workers and queues that the way out stops. */
  readonly early: readonly Stop[];
}

const residentVerbs = new Set<ReleaseVerb>(['unpins', 'dma-unmaps', 'frees']);
const groups = new Set(['work', 'workqueue', 'timer']);

export const workerOutlivesHardware: Rule = {
  id: 'worker-outlives-hardware',
  summary:
    'work that reaches the hardware is stopped after the device is unbound, or its queue is used after it is destroyed',
  defaultSeverity: 'warning',
  run(pass) {
    const late = pass.registrations.filter(
      (registration) => registration.api.scope === 'drm' && registration.target,
    );
    const workers = workersIn(pass);
    const bound = pass.registrations.some(({ api }) => api.scope === 'bound');
    if (late.length === 0 && !bound && workers.all.length === 0) return [];
    const world = worldOf(pass, workers);
    // What a helper of the kernel stops belongs to its users' drivers, and so does what runs until then.
    if (isLibrary(pass)) return [];
    return [...neverStopped(world), ...lateFindings(world, late), ...boundFindings(world)];
  },
};

function lateFindings(world: World, late: readonly Registration[]): RuleFinding[] {
  const { pass } = world;
  return late.flatMap((registration) => {
    const stops = registration.target
      ? stopsOf(pass, registration.target).filter((stop) => groups.has(stop.release.group))
      : [];
    const finding =
      usedAfterDestroy(world, registration, stops) ?? stoppedLate(world, registration, stops);
    return finding ? [finding] : [];
  });
}

/** Devm actions run after remove(): a queue that it has destroyed is gone for them as well. */
function boundFindings(world: World): RuleFinding[] {
  const { pass } = world;
  return pass.registrations.flatMap((registration) => {
    const { api, target, fn } = registration;
    if (api.scope !== 'bound' || !target) return [];
    const stops = stopsOf(pass, target).filter(({ release }) => release.group === 'workqueue');
    if (stops.length === 0) return [];
    const removes = closedBindingsOf(pass)
      .filter(({ starts }) => pass.graph.isReachedFrom(fn, starts))
      .map(({ end }) => end.fn);
    const early = world.early.filter(({ way }) => removes.includes(way[0]?.caller ?? fn));
    const finding = usedAfterDestroy({ ...world, early }, registration, stops);
    return finding ? [finding] : [];
  });
}

/** Over a pointer that can mean several the way is a guess: other modules fill it too. */
function isLive({ catalog, graph }: Pass, { caller, call }: CallSite): boolean {
  const isKnown = call.callee !== '' || graph.targetsOf(caller, call).length === 1;
  return isKnown && !catalog.flows.of(caller.facts).needsDevice(call);
}

const liveLeads: Question<FunctionRef, Leads> = {
  answer: (pass, fn) => pass.graph.leadsOf(fn, (site) => isLive(pass, site)),
  equal: (a, b) => sameSet(a.targets, b.targets) && sameSet(a.names, b.names),
};

const hardwareWays: Question<null, World['hardware']> = {
  answer: findHardware,
  equal: (a, b) => sameItems(a, b, (one, other) => Ways.same(one.ways, other.ways)),
};

function findHardware(pass: Pass): World['hardware'] {
  const registers = pass.catalog.data.milestones
    .filter((m) => m.role === 'mmio-access')
    .map((m) => m.name);
  const releases = pass.catalog.data.releases
    .filter((release) => residentVerbs.has(release.verb))
    .map((release) => release.name);
  const live = (site: CallSite) => isLive(pass, site);
  const guarding = guardingFunctions(pass.program, pass.catalog);
  const doubtful = { has: (fn: FunctionRef) => fn.callsIndirectly || guarding.has(fn) };
  const leads = (fn: FunctionRef) => pass.ask(liveLeads, fn);
  return [
    { what: 'touches registers', ways: pass.graph.waysTo(registers, live, doubtful, leads) },
    {
      what: 'releases memory that is mapped for the device',
      ways: pass.graph.waysTo(releases, live, doubtful, leads),
    },
  ];
}

/** What the way in runs. */
const probedBy: Question<null, ReadonlySet<FunctionRef>> = {
  answer: findProbed,
  equal: sameSet,
};

function findProbed(pass: Pass): ReadonlySet<FunctionRef> {
  const plain = ({ call }: CallSite) =>
    call.callee !== '' && pass.catalog.milestones.get(call.callee)?.role !== 'run-callback';
  const inits = pass.graph.waysTo(
    pass.catalog.data.milestones.filter(({ role }) => role === 'init-work').map(({ name }) => name),
  );
  return new Set(
    bindingsOf(pass)
      .flatMap((binding) => binding.starts)
      .flatMap((fn) => [...pass.graph.waysDown(fn, plain, inits).functions()]),
  );
}

function worldOf(pass: Pass, workers: Workers): World {
  const ends = new Set(bindingsOf(pass).flatMap((binding) => binding.ends));
  return {
    pass,
    workers,
    hardware: pass.ask(hardwareWays, null),
    probed: pass.ask(probedBy, null),
    early: [...ends]
      .flatMap((fn) => stopsOf(pass, fn))
      .filter((stop) => groups.has(stop.release.group)),
  };
}

/** Work that probe sets up, whose handler reaches the hardware, and that nothing in the module stops. */
function neverStopped({ pass, workers, probed, hardware }: World): RuleFinding[] {
  return unstoppedWorkers(pass.program, pass.catalog, workers, probed).flatMap(
    (worker): RuleFinding[] => {
      const harm = harmOf(pass, hardware, worker);
      const first = closedBindingsOf(pass).find(({ starts }) =>
        pass.graph.isReachedFrom(worker.init.caller, starts),
      );
      if (!harm || !first) return [];
      const handles = new Set(handlingsOf(pass, worker).map(({ caller }) => caller));
      const reaches = (fn: FunctionRef, wanted: ReadonlySet<FunctionRef>) =>
        [...wanted].some((one) => pass.graph.isReachedFrom(one, [fn]));
      const binding = ownerAmong(pass, first, (fn) => reaches(fn, handles));
      if (reaches(binding.end.fn, pausersOf(pass, worker))) return [];
      const { init, handler } = worker;
      const name = handler.name;
      return [
        {
          severity: 'warning',
          confidence: 'likely',
          place: placeInside(init.caller, init.call),
          function: init.caller.name,
          message: `nothing stops \`${name}\` when \`${binding.end.fn.name}\` unbinds the device: what is pending then ${harm.words} afterwards`,
          timelines: ['unbind', 'unplug-open'],
          fixes: () => cancelAtUnbind(pass, worker),
          identity: [name, 'unstopped'],
          chain: [
            callLink(init, 'registration', `\`${name}\` is the handler`),
            functionLink(handler, 'callback', `\`${name}\` runs when it is due`),
            ...harm.links,
            tableLink(binding.end),
          ],
        },
      ];
    },
  );
}

interface Harm {
  readonly words: string;
  readonly links: readonly ChainLink[];
}

/** What a handler finds once the device is unbound: the hardware, or what devm has given back. */
function harmOf(pass: Pass, hardware: World['hardware'], { handler }: Worker): Harm | undefined {
  const reach = hardware.find(({ ways }) => ways.has(handler));
  if (reach) {
    const links = wayLinks(reach.ways.from(handler), reach.what, 'note');
    return { words: 'reaches the hardware', links };
  }
  for (const { key, way } of usesIn(pass, handler, {})) {
    const held = devmHeldBy(pass, key);
    if (!held) continue;
    const { fn, call } = held.origin;
    return {
      words: `works with \`${key.member}\`, which devm has given back,`,
      links: [
        ...wayLinks(way, `works with \`${key.member}\``, 'note'),
        callLink(
          { caller: fn, call },
          'allocation',
          `${call.callee}(): devm gives it back at unbind`,
        ),
      ],
    };
  }
  return undefined;
}

/** The calls that are given a worker, whatever they do with it. */
function handlingsOf(pass: Pass, { keys }: Worker): CallSite[] {
  const { program, catalog } = pass;
  return catalog.data.milestones
    .flatMap(({ object, name, role, pauses = [] }) =>
      object !== undefined && (role === 'init-work' || role === 'queue-work')
        ? [{ name, object }, ...pauses.map((pause) => ({ name: pause, object }))]
        : [],
    )
    .flatMap(({ name, object }) =>
      program
        .callsOf(name)
        .filter(({ caller, call }) => shareMember(keysOf(program, caller, call, object), keys)),
    );
}

/** The functions that keep a worker from running until it is let go on: `tasklet_disable()`. */
function pausersOf(pass: Pass, worker: Worker): ReadonlySet<FunctionRef> {
  const pausing = new Set(pass.catalog.data.milestones.flatMap(({ pauses = [] }) => pauses));
  return new Set(
    handlingsOf(pass, worker).flatMap(({ caller, call }) =>
      pausing.has(call.callee) ? [caller] : [],
    ),
  );
}

/** The action stops work whose handler reaches the hardware, and nothing on the way out stops it before. */
function stoppedLate(
  world: World,
  registration: Registration,
  stops: readonly Stop[],
): RuleFinding | undefined {
  for (const stop of stops) {
    if (isAsserted(world.pass, stop)) continue;
    for (const worker of workersOf(world, stop)) {
      const reach = world.hardware.find(({ ways }) => ways.has(worker.handler));
      if (!reach || isStoppedEarly(world, worker)) continue;
      return finding(
        world.pass,
        registration,
        stop,
        worker,
        wayLinks(reach.ways.from(worker.handler), reach.what, 'note'),
      );
    }
  }
  return undefined;
}

/** `WARN_ON(hrtimer_cancel(…))`: the driver says that nothing is pending any more. */
function isAsserted(pass: Pass, { way }: Stop): boolean {
  const last = way[way.length - 1];
  if (!last) return false;
  return last.caller.facts.calls.some(
    (other) =>
      other !== last.call &&
      other.start <= last.call.start &&
      other.end >= last.call.end &&
      pass.catalog.data.observers.some((one) => one.name === other.callee),
  );
}

/**
 * The workers that are stopped. To destroy a queue says nothing of those of open files, which go before; to wait
 * for it does.
 */
function workersOf({ pass, workers, probed }: World, { release, keys }: Stop): readonly Worker[] {
  const found =
    release.group === 'workqueue'
      ? workers.on(keys)
      : workers.heldBy(keys).filter((worker) => workers.isStarted(worker));
  const waits = !destroyersOf(pass).has(release.name);
  return found.filter(({ init }) => init.call.context < 0 && (waits || probed.has(init.caller)));
}

/** What frees a queue. */
function destroyersOf(pass: Pass): ReadonlySet<string> {
  return new Set(
    pass.catalog.data.takes
      .filter((take) => take.group === 'workqueue')
      .flatMap((take) => take.releases),
  );
}

function isStoppedEarly({ early, workers }: World, worker: Worker): boolean {
  const queues = workers.queuesOf(worker);
  return early.some((stop) =>
    shareMember(stop.keys, stop.release.group === 'workqueue' ? queues : worker.keys),
  );
}

function finding(
  pass: Pass,
  registration: Registration,
  stop: Stop,
  worker: Worker,
  harm: readonly ChainLink[],
): RuleFinding {
  const handler = worker.handler.name;
  const verb = `${stop.release.name}() stops the ${stop.release.what} \`${stop.written}\``;
  return {
    ...base(pass, registration, stop),
    fixes: () => {
      const fixes = stopAtUnbind(pass, registration, stop.way);
      // A queue that has to stay for others can stay: the worker alone is what must not run.
      const done = fixes.some(({ edits }) => edits.length > 0);
      return done ? fixes : [...cancelAtUnbind(pass, worker), ...fixes];
    },
    timelines: unmapsFirst(pass) ? ['unbind', 'unplug-open'] : ['unplug-open'],
    identity: [registration.callback, handler],
    message: `\`${registration.callback}\` stops \`${handler}\` at the last drm_dev_put(): the ${stop.release.what} \`${stop.written}\` can reach the hardware after the device is unbound`,
    chain: [
      ...start(registration),
      ...wayLinks(stop.way, verb),
      callLink(worker.init, 'note', `\`${handler}\` is the handler`),
      functionLink(worker.handler, 'note', `\`${handler}\` runs until then`),
      ...harm,
    ],
  };
}

/** The action works with a queue that the way out has destroyed. */
function usedAfterDestroy(
  { pass, early }: World,
  registration: Registration,
  stops: readonly Stop[],
): RuleFinding | undefined {
  const destroyers = destroyersOf(pass);
  const destroyed = early.filter(
    (stop) => destroyers.has(stop.release.name) && stop.keys.length > 0 && !isForgotten(stop),
  );
  for (const gone of destroyed) {
    const use = stops.find(
      (stop) => stop.release.group === 'workqueue' && shareMember(stop.keys, gone.keys),
    );
    if (!use) continue;
    const bound = registration.api.scope === 'bound';
    const when = bound
      ? `at unbind, after \`${enterOf(gone)}\` has destroyed it`
      : `at the last drm_dev_put(), which \`${enterOf(gone)}\` destroys at unbind`;
    return {
      ...base(pass, registration, use),
      fixes: [],
      identity: [registration.callback, gone.release.name, ...(bound ? ['bound'] : [])],
      message: `\`${registration.callback}\` uses the ${use.release.what} \`${use.written}\` ${when}`,
      timelines: ['unbind', 'unplug-open'],
      chain: [
        ...start(registration),
        ...wayLinks(use.way, `${use.release.name}() uses \`${use.written}\``),
        ...wayLinks(gone.way, `${gone.release.name}() destroys it at unbind`, 'note'),
      ],
    };
  }
  return undefined;
}

/** Whether the member is cleared after the queue is gone: then later users can see it. */
function isForgotten({ way, keys }: Stop): boolean {
  const last = way[way.length - 1];
  return (
    !!last &&
    last.caller.facts.assigns.some(
      (assign) =>
        assign.start > last.call.start &&
        keys.some(
          (key) =>
            assign.target.steps[assign.target.steps.length - 1] === key.member.split('.').pop(),
        ),
    )
  );
}

function enterOf({ way }: Stop): string {
  return way[0]?.caller.name ?? '';
}

function base(
  pass: Pass,
  registration: Registration,
  stop: Stop,
): Pick<
  RuleFinding,
  'severity' | 'confidence' | 'place' | 'function' | 'timelines' | 'fixes' | 'causes'
> {
  const { fn, call } = registration;
  const conditional = stop.way.some((site) => site.call.context >= 0);
  return {
    severity: 'warning',
    confidence: conditional ? 'possible' : 'likely',
    place: placeInside(fn, call),
    function: fn.name,
    causes: registration.api.scope === 'drm' ? [lateCause(placeInside(fn, call))] : [],
    timelines: ['unplug-open'],
    fixes: () => stopAtUnbind(pass, registration, stop.way),
  };
}

function start({ fn, call, api, target }: Registration) {
  const callback: FunctionRef | undefined = target;
  const bound = api.scope === 'bound';
  const when = bound ? 'at unbind, after remove()' : 'at the last drm_dev_put()';
  const delay = bound ? '' : ', which an open file can delay past unbind';
  return [
    callLink({ caller: fn, call }, 'registration', `registered by ${api.name}(): runs ${when}`),
    ...(callback
      ? [functionLink(callback, 'callback', `\`${callback.name}\` runs ${when}${delay}`)]
      : []),
  ];
}
