/** The interrupt handlers that a driver's way in requests, and where its way out keeps them from running. */
import type { Interrupt } from '../catalog.ts';
import { zero } from '../facts/flow/known.ts';
import type { Pass, Question } from '../pass.ts';
import { flagWords } from '../program/flags.ts';
import type { MemberKey } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf, shareMember } from '../program/stops.ts';
import { directWays, waysToCalls } from './ends.ts';
import { comesBefore, type Way } from './ways.ts';

/** One request of an interrupt. */
export interface Requested {
  readonly api: Interrupt;
  readonly site: CallSite;
  /** What the line runs at once; several where each chip of a table has its own. */
  readonly first: readonly FunctionRef[];
  /** These and the threaded ones, as far as the module has them. */
  readonly handlers: readonly FunctionRef[];
  /** Other devices on the line make the handler run, whatever this one was told. */
  readonly shared: boolean;
  /** The driver enables the line later, by itself. */
  readonly unarmed: boolean;
}

/** Every request of the module. */
export function requestedIn(pass: Pass): readonly Requested[] {
  return pass.ask(requested, null);
}

const requested: Question<null, readonly Requested[]> = {
  answer: ({ catalog, program, graph }) =>
    catalog.data.interrupts
      .filter(({ does }) => does === 'request')
      .flatMap((api) =>
        program.callsOf(api.name).map(({ caller, call }): Requested => {
          const [first = [], ...others] = (api.handlers ?? [])
            .map((index) => call.args[index])
            .map((one) => (one ? graph.handedAs(caller, one.value) : []))
            .filter((one) => one.length > 0);
          const flags =
            api.flags === undefined
              ? undefined
              : flagWords(program, caller, call.args[api.flags], call.start);
          const has = (flag: string | undefined): boolean =>
            flag !== undefined && flags?.includes(flag) === true;
          return {
            api,
            site: { caller, call },
            first,
            handlers: [...first, ...others.flat()],
            shared: flags === undefined || has(api.shared),
            unarmed: has(api.unarmed),
          };
        }),
      ),
};

/** Where a way out frees or disables an interrupt. */
export function endsOfInterrupts(pass: Pass, end: FunctionRef): readonly Way[] {
  const { interrupts } = pass.catalog.data;
  const names = interrupts.filter(({ does }) => does === 'end').map(({ name }) => name);
  return waysToCalls(pass, end, names, (site) => isEndOfInterrupt(pass, site));
}

/** Whether a call keeps a handler from running: for some only without a new one. */
export function isEndOfInterrupt(pass: Pass, { caller, call }: CallSite): boolean {
  const api = pass.catalog.data.interrupts.find(({ name }) => name === call.callee);
  const flow = pass.catalog.flows.of(caller.facts);
  return (
    api?.does === 'end' &&
    (api.handlers ?? []).every((index) => {
      const value = call.args[index]?.value;
      return (
        value !== undefined &&
        (flow.maskOf(value) === zero || (value.kind === 'path' && value.root === 'NULL'))
      );
    })
  );
}

/** A call of a way out that tells the device something: a write to a register, or a core that has it stopped. */
export interface Telling {
  readonly told: Way;
  readonly by: 'driver' | 'core';
}

export function tellingsOfDevice(pass: Pass, end: FunctionRef): readonly Telling[] {
  return pass.ask(tellings, end);
}

const tellings: Question<FunctionRef, readonly Telling[]> = {
  answer: (pass, end) => {
    const cores = pass.catalog.data.interrupts.filter(({ does }) => does === 'quiet');
    const names = { driver: writers(pass), core: cores.map(({ name }) => name) };
    return [
      ...(['driver', 'core'] as const).flatMap((by) =>
        waysToCalls(pass, end, names[by]).map((told) => ({ told, by })),
      ),
      ...unseenWrites(pass, end).map((told) => ({ told, by: 'driver' as const })),
    ];
  },
};

/** Calls of functions that the module only declares, as a header's inline ones, and that write by their name. */
function unseenWrites(pass: Pass, end: FunctionRef): readonly Way[] {
  const { catalog, program } = pass;
  const words = new Set(
    catalog.data.callWords.filter(({ role }) => role === 'writes').map(({ word }) => word),
  );
  const down = directWays(pass, end, { has: () => true });
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls
      .filter(
        ({ callee }) =>
          words.has(callee.split('_').at(-1) ?? '') &&
          !catalog.milestones.has(callee) &&
          program.resolve(callee, caller.file) === undefined,
      )
      .map((call) => [...down.to(caller), { caller, call }]),
  );
}

/**
 * Whether each handler turns off what makes it run once a request is done, and a way out has none under way any more
 * when it comes to `before`.
 */
export function isSettled(
  pass: Pass,
  out: FunctionRef,
  { handlers }: Requested,
  before: Way,
): boolean {
  const names = pass.catalog.data.interrupts.flatMap(({ name, does }) =>
    does === 'settles' ? [name] : [],
  );
  return (
    waysToCalls(pass, out, names).some((way) => comesBefore(pass, way, before)) &&
    handlers.every((handler) => pass.ask(turnsOff, handler))
  );
}

/** A handler that comes to a write of nothing: the device's mask, or its enable bits. */
const turnsOff: Question<FunctionRef, boolean> = {
  answer: (pass, handler) => {
    const names = writers(pass);
    const leads = pass.graph.waysTo(names);
    return [...pass.graph.reachedFrom([handler], leads)].some(({ facts }) =>
      facts.calls.some(
        ({ callee, args }) =>
          names.includes(callee) &&
          args.some(({ value }) => value.kind === 'literal' && value.text === '0'),
      ),
    );
  },
};

/** The calls that write to a device. */
export function writers({ catalog }: Pass): string[] {
  return catalog.data.milestones.flatMap(({ name, writes }) => (writes ? [name] : []));
}

/** Where a handler starts the work that a member holds. */
export function handlerStarts(pass: Pass, handler: FunctionRef, key: MemberKey): readonly Way[] {
  const starters = new Map(
    pass.catalog.data.milestones
      .filter(({ role }) => role === 'queue-work')
      .map(({ name, object }) => [name, object ?? 0]),
  );
  const leads = pass.graph.waysTo(starters.keys());
  if (!leads.has(handler)) return [];
  const down = directWays(pass, handler, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls
      .filter((call) => {
        const object = starters.get(call.callee);
        return (
          object !== undefined &&
          !pass.catalog.flows.of(caller.facts).isGuarded(call) &&
          shareMember(
            keysOf(pass.program, caller, call, object, pass.graph).filter(({ tag }) => tag !== ''),
            [key],
          )
        );
      })
      .map((call) => [...down.to(caller), { caller, call }]),
  );
}
