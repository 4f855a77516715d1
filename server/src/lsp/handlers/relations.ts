/** driverTeardown/relations: what depends on a step of the order, and what must still be alive there. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { EntryOrder } from '../../core/result.ts';
import { relationsOf } from '../../core/teardown/order.ts';
import type { Relation } from '../../core/teardown/relations.ts';
import { namesAmong } from '../../core/teardown/rows.ts';
import { protoContext, type ServerContext } from '../context.ts';
import type { OrderRelation, RelationsParams, RelationsResult } from '../protocol.ts';
import { toRange } from '../to-proto.ts';
import { findEntry } from './order.ts';

export async function relations(
  server: ServerContext,
  params: RelationsParams,
  token: CancellationToken,
): Promise<RelationsResult | null> {
  const found = await findEntry(server, params, token);
  if (found === undefined) return null;
  const { snapshot, module, entry } = found;
  const { uriOf } = protoContext(server, snapshot.open.handle.project, snapshot.analyses);
  const steps = entry.timelines[params.timeline];
  const id = params.step.replace(/#\d+$/, '');
  const own = steps.findIndex((step) => step.id === id);
  const step = steps[own] ?? entry.acquired.find((one) => one.id === id);
  if (!step) return null;
  const { dependents, needs } = relationsOf(module.analysis.pass, entry.place, id);
  const about = (relation: Relation, isNeed: boolean): OrderRelation => {
    const { name, number, note, until } = describe(entry, params.timeline, relation.id);
    const end = until ?? number;
    // The user comes after the end, or may: a runner that nothing is seen to stop.
    const late =
      own >= 0 && (isNeed ? number !== null && number - 1 < own : end === null || end - 1 > own);
    return {
      name,
      number,
      note: [note, relation.conditional ? 'on a condition' : ''].filter(Boolean).join(', '),
      location: {
        uri: uriOf(relation.place.file),
        range: toRange(relation.place),
      },
      late,
    };
  };
  return {
    name: namesAmong(entry.acquired).nameOf(step),
    dependents: dependents.map((one) => about(one, false)),
    needs: needs.map((one) => about(one, true)),
  };
}

interface Described {
  readonly name: string;
  readonly number: number | null;
  readonly note: string;
  /** For a runner, the number of the step that stops it. */
  readonly until: number | null;
}

function describe(entry: EntryOrder, timeline: RelationsParams['timeline'], id: string): Described {
  const runner = entry.runners?.find((one) => one.id === id);
  if (runner) {
    const until = runner.until[timeline];
    return {
      name: runner.name,
      number: null,
      note: runner.what,
      until: until === null ? null : until + 1,
    };
  }
  const steps = entry.timelines[timeline];
  const at = steps.findIndex((step) => step.id === id || step.ends?.includes(id) === true);
  const step = entry.acquired.find((one) => one.id === id) ?? steps[at];
  return {
    name: step ? namesAmong(entry.acquired).nameOf(step) : id,
    number: at < 0 ? null : at + 1,
    note: at < 0 ? 'no release seen' : '',
    until: null,
  };
}
