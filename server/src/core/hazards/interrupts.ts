/** The interrupt handlers that a driver's way in requests, and where its way out keeps them from running. */
import type { Interrupt } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import { flagWords } from '../program/flags.ts';
import { type MemberKey, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf, shareMember } from '../program/stops.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

/** One request of an interrupt. */
export interface Requested {
  readonly api: Interrupt;
  readonly site: CallSite;
  /** The handler and the threaded one, as far as the module has them. */
  readonly handlers: readonly FunctionRef[];
  /** Other devices on the line make the handler run, whatever this one was told. */
  readonly shared: boolean;
}

/** Every request of the module. */
export function requestedIn(pass: Pass): readonly Requested[] {
  return pass.ask(requested, null);
}

const requested: Question<null, readonly Requested[]> = {
  answer: ({ catalog, program }) =>
    catalog.data.interrupts
      .filter(({ does }) => does === 'request')
      .flatMap((api) =>
        program.callsOf(api.name).map(({ caller, call }): Requested => {
          const handlers = (api.handlers ?? []).flatMap((index) => {
            const path = pathIn(call.args[index]?.value ?? { kind: 'literal', text: '' });
            const found =
              path && path.steps.length === 0 ? program.resolve(path.root, caller.file) : undefined;
            return found ? [found] : [];
          });
          const shared =
            api.flags === undefined ||
            flagWords(program, caller, call.args[api.flags], call.start).includes(api.shared ?? '');
          return { api, site: { caller, call }, handlers, shared };
        }),
      ),
};

/** Where a way out frees or disables an interrupt. */
export function endsOfInterrupts(pass: Pass, end: FunctionRef): readonly Way[] {
  const names = pass.catalog.data.interrupts
    .filter(({ does }) => does === 'end')
    .map(({ name }) => name);
  const leads = pass.graph.waysTo(names);
  if (!leads.has(end)) return [];
  const down = directWays(pass, end, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls
      .filter(({ callee }) => names.includes(callee))
      .map((call) => [...down.to(caller), { caller, call }]),
  );
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
            keysOf(pass.program, caller, call, object).filter(({ tag }) => tag !== ''),
            [key],
          )
        );
      })
      .map((call) => [...down.to(caller), { caller, call }]),
  );
}
