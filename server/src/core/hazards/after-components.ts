/**
 * What the unbind of the components has freed, the memory of a bind's devres group or what an unbind
 * frees by hand, and a later step of the aggregate's way out still works on.
 */
import type { Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { entriesOf } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { usesIn } from '../program/uses.ts';
import { AcquisitionOrder } from '../teardown/acquisitions.ts';
import { type EndedAtUnbind, endedAtUnbindBy, endedByHand } from '../teardown/ended-at-unbind.ts';
import { nameIn } from './driver-data.ts';
import { directWays, type End, waysToCalls } from './ends.ts';
import { dependsOn } from './flagged.ts';
import { runByCalls } from './run-by-calls.ts';
import type { Way } from './ways.ts';

export interface AfterComponents {
  readonly endedEarly: EndedAtUnbind;
  /** Down to the call that unbinds the components. */
  readonly unbinds: Way;
  /** From the same function down to the use. */
  readonly use: Way;
  readonly always: boolean;
}

/** What one way out works on too late, once for each member. */
export function usedAfterComponents(pass: Pass, end: FunctionRef): AfterComponents[] {
  const dispatches = pass.catalog.data.dispatches.filter(({ groups }) => groups === 'release');
  const leads = pass.graph.waysTo(dispatches.map(({ name }) => name));
  if (!leads.has(end)) return [];
  const ended = pass.ask(endedByComponents, null);
  if (ended.length === 0) return [];
  const names = new Set(dispatches.map(({ name }) => name));
  const down = directWays(pass, end, leads);
  const found = new Map<string, AfterComponents>();
  for (const caller of down.functions()) {
    for (const call of caller.facts.calls) {
      if (!names.has(call.callee)) continue;
      const unbinds = [...down.to(caller), { caller, call }];
      for (const { endedEarly, use, always } of unbinds.flatMap((site, i) =>
        usesAfter(pass, site, ended).map((one) => ({
          ...one,
          use: [...unbinds.slice(0, i), ...one.use],
        })),
      )) {
        const name = `${endedEarly.key.tag}.${endedEarly.key.member}`;
        if (!found.has(name)) found.set(name, { endedEarly, unbinds, use, always });
      }
    }
  }
  return [...found.values()];
}

/** What the members of ended objects are handed to, in the calls that follow one in its function. */
function usesAfter(
  pass: Pass,
  { caller, call }: Way[number],
  ended: readonly EndedAtUnbind[],
): { readonly endedEarly: EndedAtUnbind; readonly use: Way; readonly always: boolean }[] {
  const flow = pass.catalog.flows.of(caller.facts);
  const later = new Set(
    caller.facts.calls.filter(
      (one) => one !== call && flow.canFollow(call, one) && !flow.isGuarded(one),
    ),
  );
  const wanted = new Map<string, EndedAtUnbind['key'][]>();
  for (const { key } of ended) {
    const last = key.member.split('.').at(-1) ?? key.member;
    wanted.set(last, [...(wanted.get(last) ?? []), key]);
  }
  const frees = new Set(pass.catalog.data.memory.flatMap(({ releases }) => releases));
  const counts = ({ callee }: { readonly callee: string }) => !frees.has(callee);
  const direct = usesIn(pass, caller, { wanted, counts: (one) => later.has(one) && counts(one) });
  const below = [...later].flatMap((one) =>
    pass.graph.targetsOf(caller, one).flatMap((target) =>
      usesIn(pass, target, { wanted, counts }).map((use) => ({
        ...use,
        way: [{ caller, call: one }, ...use.way],
      })),
    ),
  );
  const called = [...later].flatMap((one) =>
    runByCalls(pass)
      .filter(([names]) => names.includes(one.callee))
      .flatMap(([, callbacks]) => callbacks)
      .flatMap(({ fn }) =>
        usesIn(pass, fn, { wanted, counts }).map((use) => ({
          ...use,
          way: [{ caller, call: one }, ...use.way],
        })),
      ),
  );
  return [...direct.filter(({ way }) => way.length === 1), ...below, ...called].flatMap(
    ({ key, way, conditional }) => {
      const endedEarly = ended.find(
        (one) => one.key.tag === key.tag && one.key.member === key.member,
      );
      const last = key.member.split('.').at(-1) ?? key.member;
      if (!endedEarly || dependsOn(pass, way, new Set([last]))) return [];
      return [{ endedEarly, use: way, always: endedEarly.always && !conditional }];
    },
  );
}

/** What goes where a way out unbinds the components, as ends of that way. */
export function goneWithComponents(pass: Pass, out: FunctionRef): End[] {
  const dispatches = pass.catalog.data.dispatches.filter(({ groups }) => groups === 'release');
  const unbinds = waysToCalls(
    pass,
    out,
    dispatches.map(({ name }) => name),
  );
  if (unbinds.length === 0) return [];
  const gone = pass.ask(goneByComponents, null);
  return unbinds.flatMap((way) =>
    gone.map(({ ended: { key, what, always }, cleared }) => ({
      key,
      kind: 'ended' as const,
      what,
      way,
      always,
      ...(cleared ? { cleared: true as const } : {}),
    })),
  );
}

/** What goes where a driver takes its own component away: with it the core unbinds all of the aggregate. */
export function goneWithOwnComponent(pass: Pass, out: FunctionRef): End[] {
  const { takes } = pass.catalog.data;
  const names = takes.flatMap(({ group, releases }) => (group === 'component' ? releases : []));
  const leaves = waysToCalls(pass, out, names);
  const gone = leaves.length > 0 ? pass.ask(endedByComponents, null) : [];
  return leaves.flatMap((way) =>
    gone.map(({ key, what, always }) => ({ key, kind: 'ended' as const, what, way, always })),
  );
}

/** The memory that goes when a component is unbound, and that nobody sets to NULL then. */
const endedByComponents: Question<null, readonly EndedAtUnbind[]> = {
  answer: (pass) =>
    pass.ask(goneByComponents, null).flatMap(({ ended, cleared }) => (cleared ? [] : [ended])),
};

/** The memory that goes when a component is unbound, and whether its unbind sets the member to NULL. */
const goneByComponents: Question<
  null,
  readonly { readonly ended: EndedAtUnbind; readonly cleared: boolean }[]
> = {
  answer: (pass) => {
    const { program, catalog, graph } = pass;
    const structs = new Set(
      catalog.data.dispatches
        .filter(({ groups }) => groups === 'release')
        .map(({ struct }) => struct),
    );
    const walk = new AcquisitionOrder(program, catalog, pass.registrations);
    return entriesOf(pass.tableFunctions)
      .filter(({ start }) => structs.has(start.table.struct))
      .flatMap(({ start, end }) => {
        const managed = walk
          .from(start.fn)
          .filter(({ api, fn, call }) => {
            const device = call.args[api.device];
            const name = device && nameIn(pass, fn, device.value, call.start);
            return api.scope === 'bound' && name !== undefined && 'param' in name;
          })
          .flatMap((one) => endedAtUnbindBy(pass, one))
          .filter(({ how, only }) => how === 'managed' && only);
        const byHand = end ? endedByHand(program, catalog, end.fn) : [];
        const leaving = end ? [end.fn] : [];
        return [...managed, ...byHand]
          .filter(({ what }) => what === 'memory')
          .map((ended) => ({
            ended,
            cleared: program
              .storesTo(ended.key.member.split('.').at(-1) ?? '')
              .some(
                ({ fn, assign }) => isNothing(assign.value) && graph.isReachedFrom(fn, leaving),
              ),
          }));
      });
  },
};

function isNothing(value: Value): boolean {
  return value.kind === 'literal' || (value.kind === 'path' && value.root === 'NULL');
}
