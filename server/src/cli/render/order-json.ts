/** `order --format json`: the shape that docs promise to scripts. */
import type {
  EntryOrder,
  ModuleOrder,
  Place,
  ProbeFailure,
  Runner,
  TeardownStep,
} from '../../core/result.ts';
import { boundedFailures, isShown, leftOutNote, type TimelineChoice } from '../timelines.ts';

function spot(place: Place): { file: string; line: number } {
  return { file: place.file, line: place.from.line + 1 };
}

function stepItem(step: TeardownStep): object {
  const { place, function: holder, via } = step.registered;
  return {
    id: step.id,
    phase: step.phase,
    ...(step.ends === undefined ? {} : { ends: step.ends }),
    action: step.action,
    argument: step.argument,
    ...(step.keptAs === undefined ? {} : { keptAs: step.keptAs }),
    kind: step.kind,
    releases: step.releases,
    ...(step.bos === undefined ? {} : { bos: step.bos }),
    ...(step.endsInProbe === undefined ? {} : { endsInProbe: true }),
    scope: step.scope,
    group: step.group,
    registered: { ...spot(place), function: holder, via },
    callback: step.callback === null ? null : spot(step.callback.place),
    conditional: step.conditional,
    repeats: step.repeats,
    findings: step.findings,
  };
}

function failureItem(failure: ProbeFailure, isLeftOut: boolean): object {
  const { after, at } = failure;
  const head = { after, ...(at === undefined ? {} : { at }) };
  if (isLeftOut) return { ...head, steps: [], leftOut: true };
  const { steps, failing } = failure;
  return {
    ...head,
    steps: steps.map(stepItem),
    ...(failing ? { failing: failing.map(stepItem) } : {}),
  };
}

/** `until` counts the steps of a timeline from 1; null where nothing was seen that ends it. */
function runnerItem({ kind, name, what, place, until }: Runner): object {
  const counted = (index: number | null): number | null => (index === null ? null : index + 1);
  return {
    kind,
    name,
    what,
    ...spot(place),
    until: { unbind: counted(until.unbind), 'unplug-open': counted(until['unplug-open']) },
  };
}

function entryItem(entry: EntryOrder, choice: TimelineChoice): object {
  const { timelines } = entry;
  const all = {
    unbind: timelines.unbind.map(stepItem),
    ...(isShown(entry, 'unplug-open', choice)
      ? { 'unplug-open': timelines['unplug-open'].map(stepItem) }
      : {}),
    'probe-fail': boundedFailures(entry, choice).map(({ failure, isLeftOut }) =>
      failureItem(failure, isLeftOut),
    ),
  };
  const { timeline } = choice;
  return {
    entry: entry.entry,
    table: entry.table,
    ...spot(entry.place),
    acquired: entry.acquired.map(stepItem),
    runners: (entry.runners ?? []).map(runnerItem),
    notes: [...(entry.notes ?? []), ...leftOutNote(entry, choice)],
    timelines: timeline === undefined ? all : { [timeline]: all[timeline] },
  };
}

export function renderOrderJson(order: ModuleOrder, choice: TimelineChoice): string {
  const report = {
    version: 1,
    module: order.module,
    entries: order.entries.map((entry) => entryItem(entry, choice)),
  };
  const note = order.note === null ? {} : { note: order.note };
  return `${JSON.stringify({ ...report, ...note }, null, 2)}\n`;
}
