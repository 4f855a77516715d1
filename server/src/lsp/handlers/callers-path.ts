/** driverTeardown/callersPath: how an entry gets to a registration, call by call. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { namePlace, placeInside } from '../../core/places.ts';
import type { FunctionRef, Program } from '../../core/program/program.ts';
import type { EntryOrder, Place, TeardownStep } from '../../core/result.ts';
import { protoContext, type ServerContext } from '../context.ts';
import type { CallersPathLink, CallersPathParams } from '../protocol.ts';
import { toLocation } from '../to-proto.ts';
import { findEntry } from './order.ts';

function stepOf({ acquired, timelines }: EntryOrder, id: string): TeardownStep | undefined {
  const lists = [acquired, timelines.unbind, timelines['unplug-open']];
  return lists.flatMap((steps) => steps.filter((step) => step.id === id))[0];
}

function startOf(program: Program, { entry, place }: EntryOrder): FunctionRef | undefined {
  const named = program.named(entry);
  return named.find((fn) => fn.file.path === place.file) ?? named[0];
}

/** Each function of the path with its call of the next; without a direct call, its own name. */
function linksOf(
  program: Program,
  entry: EntryOrder,
  { registered }: TeardownStep,
): { readonly name: string; readonly place: Place }[] {
  const links: { name: string; place: Place }[] = [];
  let fn = startOf(program, entry);
  for (const [index, name] of registered.via.entries()) {
    const next = registered.via[index + 1];
    if (next === undefined) links.push({ name, place: registered.place });
    else {
      const callee = fn && program.calleesOf(fn).find(({ target }) => target.name === next);
      if (fn !== undefined)
        links.push({ name, place: callee ? placeInside(fn, callee.call) : namePlace(fn) });
      fn = callee?.target ?? program.named(next)[0];
    }
  }
  return links;
}

/** @returns null when the entry or the step is gone */
export async function callersPath(
  server: ServerContext,
  params: CallersPathParams,
  token: CancellationToken,
): Promise<readonly CallersPathLink[] | null> {
  const found = await findEntry(server, params, token);
  // A second step of one id is told apart by a number, but got there the same way.
  const step = found && stepOf(found.entry, params.step.replace(/#\d+$/, ''));
  if (found === undefined || step === undefined) return null;
  const { snapshot, module, entry } = found;
  const context = protoContext(server, snapshot.open.handle.project, snapshot.analyses);
  return linksOf(module.analysis.pass.program, entry, step).map(({ name, place }) => ({
    function: name,
    location: toLocation(place, context),
  }));
}
