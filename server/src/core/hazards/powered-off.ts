/**
 * A handler on a shared line that reads its device's registers after the way out has switched off what they need, a
 * clock or a supply: another device on the line is enough to make it run.
 */
import type { Pass } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import { flagWords } from '../program/flags.ts';
import type { FunctionRef } from '../program/program.ts';
import { waysToRole } from '../teardown/bindings.ts';
import { directWays, endedWhile, isPlainWay, waysToCalls } from './ends.ts';
import { type Requested, tellingsOfDevice } from './interrupts.ts';
import { comesBefore, type Way } from './ways.ts';

export interface PoweredOff {
  readonly handler: FunctionRef;
  /** From the way out down to the call that switches something off. */
  readonly off: Way;
  /** From the handler down to the access, which it comes to each time. */
  readonly access: Way;
}

/** @param stops where the way out frees or disables the interrupt */
export function poweredOff(
  pass: Pass,
  { fn: out, table }: TableFunction,
  request: Requested,
  stops: readonly Way[],
): PoweredOff | undefined {
  if (pass.catalog.ops.get(table.struct)?.serial || !isOnSharedLine(pass, request))
    return undefined;
  const names = pass.catalog.data.runtimePm.flatMap(({ name, does }) =>
    does === 'switches-off' ? [name] : [],
  );
  const isRunning = endedWhile(pass, stops, request.api.managed === true);
  const off = waysToCalls(pass, out, names).find(
    (way) => isPlainWay(pass, way) && isRunning({ way }),
  );
  if (!off || (isThreadAlone(request) && isTold(pass, out, off))) return undefined;
  for (const handler of request.first) {
    const access = accessOf(pass, handler);
    if (access) return { handler, off, access };
  }
  return undefined;
}

/** Nothing but a thread handles it: it runs when the core has looked at the line, and not at once. */
function isThreadAlone({ api: { handlers = [] }, site: { call } }: Requested): boolean {
  return handlers.length > 1 && call.args[handlers[0] ?? -1]?.text.trim() === 'NULL';
}

/** Whether the way out has told the device something before: to raise no more, as a rule. */
function isTold(pass: Pass, out: FunctionRef, off: Way): boolean {
  return tellingsOfDevice(pass, out).some(({ told }) => comesBefore(pass, told, off));
}

function isOnSharedLine({ program }: Pass, { api, site: { caller, call } }: Requested): boolean {
  if (api.flags === undefined || api.shared === undefined) return false;
  const words = flagWords(program, caller, call.args[api.flags], call.start);
  return words?.includes(api.shared) === true;
}

/** The first access to registers that a handler comes to each time: not behind a question whether the device is on. */
function accessOf(pass: Pass, handler: FunctionRef): Way | undefined {
  const leads = waysToRole(pass, 'mmio-access');
  if (!leads.has(handler)) return undefined;
  const down = directWays(pass, handler, leads);
  for (const caller of down.functions())
    for (const call of caller.facts.calls) {
      if (pass.catalog.milestones.get(call.callee)?.role !== 'mmio-access') continue;
      const way = [...down.to(caller), { caller, call }];
      const isMeant = way.every((one) => pass.graph.targetsOf(one.caller, one.call).length <= 1);
      if (isMeant && isPlainWay(pass, way)) return way;
    }
  return undefined;
}
