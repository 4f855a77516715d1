/**
 * Transfers that are under way by themselves, URBs: what runs when one is done, who starts it, and where it is
 * stopped.
 */
import type { TransferWord } from '../catalog-entries.ts';
import type { Pass, Question } from '../pass.ts';
import type { MemberKey } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf, shareMember } from '../program/stops.ts';
import type { ClosedBinding } from '../teardown/bindings.ts';
import { waysToCalls } from './ends.ts';
import type { Way } from './ways.ts';

/** One set-up of a transfer. */
export interface Transfer {
  readonly site: CallSite;
  /** The members that hold it. */
  readonly keys: readonly MemberKey[];
  readonly handlers: readonly FunctionRef[];
  readonly control: boolean;
}

/** A call that is given a transfer, or what holds several. */
export interface TransferCall {
  readonly word: TransferWord;
  readonly site: CallSite;
  readonly keys: readonly MemberKey[];
}

export interface Transfers {
  readonly all: readonly Transfer[];
  readonly starts: readonly TransferCall[];
  readonly stops: readonly TransferCall[];
}

/** The transfers of a module, read once. */
export function transfersIn(pass: Pass): Transfers {
  return pass.ask(transfers, null);
}

const transfers: Question<null, Transfers> = {
  answer: (pass) => ({
    all: callsThat(pass, 'fills').map(({ word, site, keys }) => {
      const given = site.call.args[word.handler ?? -1];
      const handlers = given ? pass.graph.handedAs(site.caller, given.value) : [];
      return { site, keys, handlers, control: word.control === true };
    }),
    starts: callsThat(pass, 'starts'),
    stops: [...callsThat(pass, 'stops'), ...callsThat(pass, 'ends')],
  }),
};

function callsThat(pass: Pass, does: TransferWord['does']): TransferCall[] {
  return pass.catalog.data.transfers
    .filter((word) => word.does === does)
    .flatMap((word) =>
      pass.program.callsOf(word.name).map(({ caller, call }) => ({
        word,
        site: { caller, call },
        keys: keysIn(pass, { caller, call }, word),
      })),
    );
}

function keysIn(
  pass: Pass,
  { caller, call }: CallSite,
  { object = -1 }: TransferWord,
): MemberKey[] {
  return keysOf(pass.program, caller, call, object, pass.graph).filter(({ tag }) => tag !== '');
}

/** The names of the words that do something. */
export function transferNames(
  { catalog }: Pass,
  ...does: readonly TransferWord['does'][]
): string[] {
  return catalog.data.transfers.filter((word) => does.includes(word.does)).map(({ name }) => name);
}

/** Whether the core leaves transfers to the interface running when it calls the way out. */
export function keepsEndpoints(pass: Pass, { end }: ClosedBinding): boolean {
  return transferNames(pass, 'needs-stop').some((member) =>
    pass.program.tableMentions(end.file, end.table.name, member),
  );
}

/** A stop on a way out. */
export interface TransferStop {
  readonly way: Way;
  readonly keys: readonly MemberKey[];
  readonly final: boolean;
}

export function transferStops(pass: Pass, out: FunctionRef): readonly TransferStop[] {
  return waysToCalls(pass, out, transferNames(pass, 'stops', 'ends')).flatMap((way) => {
    const site = way.at(-1);
    const word = pass.catalog.data.transfers.find(({ name }) => name === site?.call.callee);
    if (!site || !word) return [];
    return [{ way, keys: keysIn(pass, site, word), final: word.does === 'ends' }];
  });
}

/**
 * Control transfers, and those of a driver whose endpoints stay enabled, that are started and nothing in the module
 * stops.
 */
export function unstoppedTransfers(pass: Pass, binding: ClosedBinding): readonly Transfer[] {
  const { all, starts, stops } = transfersIn(pass);
  const keeps = keepsEndpoints(pass, binding);
  if (waysToCalls(pass, binding.end.fn, transferNames(pass, 'waits')).length > 0) return [];
  return all.filter(({ site, keys, handlers, control }) => {
    if ((!control && !keeps) || keys.length === 0 || handlers.length === 0) return false;
    if (!pass.graph.isReachedFrom(site.caller, binding.starts)) return false;
    const isSame = (one: TransferCall) => one.keys.length === 0 || shareMember(one.keys, keys);
    return starts.some((one) => shareMember(one.keys, keys)) && !stops.some(isSame);
  });
}
