/**
 * An interrupt that is requested before what its handler works with is there: it can come at once. Where
 * devm owns both, the same order makes the object go first at unbind.
 */
import type { Pass, Question } from '../pass.ts';
import { holdersOfResult } from '../program/holders.ts';
import { type MemberKey, sameMember } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { keysOf } from '../program/stops.ts';
import { usesIn } from '../program/uses.ts';
import type { Binding } from '../teardown/bindings.ts';
import { dependsOn } from './flagged.ts';
import { endsOfInterrupts, handlerStarts, type Requested } from './interrupts.ts';
import { comesBefore, type Way } from './ways.ts';

export interface EarlyIrq {
  readonly handler: FunctionRef;
  readonly key: MemberKey;
  /** For messages: `memory`, `work`. */
  readonly what: string;
  /** From probe down to the request, and to the call that makes the object. */
  readonly request: Way;
  readonly begin: Way;
  /** From the handler down to the use. */
  readonly use: Way;
  /** devm ends the object before it frees the interrupt. */
  readonly endsFirst: boolean;
}

interface Begin {
  readonly key: MemberKey;
  readonly what: string;
  readonly way: Way;
  readonly managed: boolean;
  readonly isWork: boolean;
  /** Handlers look whether it is there; that it ends first is the harm. */
  readonly only?: boolean;
}

/** The first object that one interrupt's handler can miss. */
export function earlyIrq(
  pass: Pass,
  { start, ends }: Binding,
  request: Requested,
): EarlyIrq | undefined {
  const leads = pass.graph.waysTo([request.site.call.callee]);
  const down = pass.graph.waysDown(start.fn, undefined, leads);
  if (![...down.functions()].includes(request.site.caller)) return undefined;
  const requested = [...down.to(request.site.caller), request.site];
  const isTurnedOff = ends.some((end) => endsOfInterrupts(pass, end).length > 0);
  const begins = pass.ask(begun, start.fn);
  const owned = request.api.managed === true;
  const late = begins.filter(
    ({ way, key, only, managed }) =>
      (only !== true || (managed && owned)) &&
      comesBefore(pass, requested, way) &&
      begins.every(
        (other) => !sameMember(other.key, key) || comesBefore(pass, requested, other.way),
      ),
  );
  for (const { key, what, way, managed, isWork } of late) {
    const member = key.member.split('.').at(-1) ?? '';
    for (const handler of request.handlers) {
      const uses = isWork
        ? handlerStarts(pass, handler, key)
        : usesIn(pass, handler, { wanted: new Map([[member, [key]]]) }).map((one) => one.way);
      const names = new Set([`${key.tag || '*'}.${member}`, `*.${member}`]);
      const use = uses.find((one) => !dependsOn(pass, one, names));
      if (!use) continue;
      const endsFirst = managed && owned && !isTurnedOff;
      // A line that the driver enables later is quiet until then; at unbind it is like every other.
      if (request.unarmed && !endsFirst) continue;
      return { handler, key, what, request: requested, begin: way, use, endsFirst };
    }
  }
  return undefined;
}

const begun: Question<FunctionRef, readonly Begin[]> = { answer: beginsIn };

type Made = Pick<Begin, 'what' | 'managed' | 'only'> & { readonly reference?: string };

/** Whether the driver takes a reference of its own: what devm puts is not the last. */
function isHeld({ program }: Pass, { reference }: Made, key: MemberKey): boolean {
  return (
    reference !== undefined &&
    program
      .callsOf(reference)
      .some(({ caller, call }) =>
        keysOf(program, caller, call, 0).some((one) => sameMember(one, key)),
      )
  );
}

/** What a way in makes and keeps in a member: memory, queues, works. */
function beginsIn(pass: Pass, start: FunctionRef): Begin[] {
  const { catalog, program, graph } = pass;
  const makes = new Map<string, Made>();
  for (const { name } of catalog.data.memory) makes.set(name, { what: 'memory', managed: false });
  for (const { name, object, group } of catalog.data.takes)
    if (object === 'return' && group === 'workqueue')
      makes.set(name, { what: group, managed: false });
  for (const { name, role, kind, scope, returns, reference } of catalog.data.managed)
    if (role === 'alloc-memory' || (role === 'acquire' && returns === 'pointer'))
      makes.set(name, {
        what: kind,
        managed: scope === 'bound',
        only: role === 'acquire',
        ...(reference === undefined ? {} : { reference }),
      });
  const inits = new Map(
    catalog.data.milestones.flatMap(({ name, role, object }) =>
      role === 'init-work' && object !== undefined ? [[name, object] as const] : [],
    ),
  );
  const leads = graph.waysTo([...makes.keys(), ...inits.keys()]);
  const down = graph.waysDown(start, undefined, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls.flatMap((call): Begin[] => {
      const made = makes.get(call.callee);
      const object = inits.get(call.callee);
      const keys = made
        ? holdersOfResult(program, caller, call).filter((key) => !isHeld(pass, made, key))
        : object !== undefined
          ? keysOf(program, caller, call, object)
          : [];
      const way = [...down.to(caller), { caller, call }];
      return keys
        .filter(({ tag }) => tag !== '')
        .map((key) => ({
          key,
          what: made?.what ?? 'work',
          way,
          managed: made?.managed ?? false,
          ...(made?.only ? { only: true } : {}),
          isWork: made === undefined,
        }));
    }),
  );
}
