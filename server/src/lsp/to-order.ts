/** From the engine's teardown order to the protocol's. */
import type {
  EntryOrder,
  Finding,
  ModuleOrder,
  Place,
  ProbeFailure,
  TeardownStep,
} from '../core/result.ts';
import { endedOn } from '../core/teardown/notes.ts';
import { nameAlone, namesAmong, namesOf, runsOf, runTitle } from '../core/teardown/rows.ts';
import type {
  OrderEntry,
  OrderFinding,
  OrderLeft,
  OrderLocation,
  OrderMark,
  OrderResult,
  OrderRun,
  OrderStep,
  OrderTimeline,
} from './protocol.ts';
import { marksOf } from './to-marks.ts';
import { type ProtoContext, toRange } from './to-proto.ts';

/** Steps by the hundred name the same few files and findings: each is converted once. */
export interface Conversion {
  readonly location: (place: Place) => OrderLocation;
  readonly findings: (fingerprints: readonly string[]) => readonly OrderFinding[];
}

function conversion(findings: readonly Finding[], context: ProtoContext): Conversion {
  const uris = new Map<string, string>();
  const location = (place: Place): OrderLocation => {
    const uri = uris.get(place.file) ?? context.uriOf(place.file);
    uris.set(place.file, uri);
    return { uri, range: toRange(place) };
  };
  const byFingerprint = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const toFinding = ({
    fingerprint,
    rule,
    severity,
    message,
    place,
    chain,
  }: Finding): OrderFinding => ({
    fingerprint,
    rule,
    severity,
    message,
    location: location(place),
    chain: chain.map((link) => ({ message: link.message, location: location(link.place) })),
  });
  return {
    location,
    findings: (fingerprints) =>
      fingerprints.flatMap((fingerprint) => {
        const finding = byFingerprint.get(fingerprint);
        return finding === undefined ? [] : [toFinding(finding)];
      }),
  };
}

/** Ids tell the things of one list apart, whatever the model calls them. */
function uniqueIds(): (id: string) => string {
  const seen = new Map<string, number>();
  return (id) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}

function toSteps(
  steps: readonly TeardownStep[],
  { location, findings }: Conversion,
  marks: ReadonlyMap<number, readonly OrderMark[]> = new Map(),
): OrderStep[] {
  const unique = uniqueIds();
  const { nameOf, byOf } = namesAmong(steps);
  return steps.map((step, index) => ({
    name: nameOf(step),
    by: byOf(step),
    marks: marks.get(index) ?? [],
    id: unique(step.id),
    phase: step.phase,
    action: step.action,
    argument: step.argument,
    kind: step.kind,
    releases: step.releases,
    ...bosOf(step),
    group: step.group,
    scope: step.scope,
    registered: location(step.registered.place),
    function: step.registered.function,
    via: step.registered.via,
    callback: step.callback === null ? null : location(step.callback.place),
    conditional: step.conditional,
    repeats: step.repeats,
    findings: findings(step.findings),
  }));
}

/** A callback's own local says nothing: then it is what the action is given, as the driver calls that. */
function bosOf({ bos = [], kind, argument, keptAs }: TeardownStep): Pick<OrderStep, 'bos'> {
  const written = bos.map((one) => one.replaceAll('`', ''));
  const all = written.length === 0 && kind === 'bo' ? ['BO'] : written;
  const named = all.map((one) => (/^\w+$/.test(one) ? (keptAs ?? argument ?? one) : one));
  return named.length === 0 ? {} : { bos: [...new Set(named)] };
}

/** The entries of an order with the ids that requests name them by. */
export function entriesById(order: ModuleOrder): ReadonlyMap<string, EntryOrder> {
  const unique = uniqueIds();
  return new Map(order.entries.map((entry) => [unique(`${order.module}/${entry.entry}`), entry]));
}

function toRuns(steps: readonly TeardownStep[]): OrderRun[] {
  return runsOf(steps, false)
    .filter((run) => run.steps.length > 1)
    .map((run) => ({
      from: run.from,
      count: run.steps.length,
      name: runTitle(run),
      things: namesOf(run.steps, 3),
    }));
}

const titles = { unbind: 'Unbind', 'unplug-open': 'Unplug with an open file' } as const;

function toTimeline(
  entry: EntryOrder,
  timeline: 'unbind' | 'unplug-open',
  convert: Conversion,
): OrderTimeline {
  const steps = entry.timelines[timeline];
  const { onSteps, onRunners } = marksOf(entry, timeline, convert);
  return {
    timeline,
    title: titles[timeline],
    steps: toSteps(steps, convert, onSteps),
    runs: toRuns(steps),
    runners: (entry.runners ?? []).map((runner) => {
      const until = runner.until[timeline];
      return {
        id: runner.id,
        kind: runner.kind,
        name: runner.name,
        what: runner.what,
        location: convert.location(runner.place),
        until: until === null ? null : until + 1,
        marks: onRunners.get(runner.id) ?? [],
      };
    }),
  };
}

function toEntry(id: string, entry: EntryOrder, convert: Conversion): OrderEntry {
  const unique = uniqueIds();
  const { nameOf } = namesAmong(entry.acquired);
  return {
    id,
    entry: entry.entry,
    table: entry.table,
    location: convert.location(entry.place),
    acquired: failuresOf(entry).map(({ index, step }) => ({
      id: unique(step.id),
      name: nameOf(step),
      fails: entry.failing?.[index] ?? null,
      // It fails on the way to what it would take next.
      path: entry.acquired[index + 1]?.registered.via.slice(1) ?? [],
    })),
    timelines: [toTimeline(entry, 'unbind', convert), toTimeline(entry, 'unplug-open', convert)],
    notes: entry.notes ?? [],
  };
}

interface Failing {
  readonly failure: ProbeFailure;
  /** What was taken last, and where that stands among what is taken. */
  readonly step: TeardownStep;
  readonly index: number;
}

/** The failures behind what is taken, in that order: not behind each can probe fail. */
function failuresOf({ acquired, timelines }: EntryOrder): Failing[] {
  const indexes = new Map(acquired.map(({ id }, index) => [id, index]));
  return timelines['probe-fail'].flatMap((failure): Failing[] => {
    const index = failure.at === undefined ? indexes.get(failure.behind) : undefined;
    const step = index === undefined ? undefined : acquired[index];
    return index === undefined || step === undefined ? [] : [{ failure, step, index }];
  });
}

/** What the order of a module looks like to a client. */
export function toOrder(
  order: ModuleOrder,
  findings: readonly Finding[],
  context: ProtoContext,
): OrderResult {
  const convert = conversion(findings, context);
  return {
    module: order.module,
    entries: [...entriesById(order)].map(([id, entry]) => toEntry(id, entry, convert)),
    note: order.note,
  };
}

/** The `step`-th failure of probe behind what it takes, from 1; null when there is none. */
export function toProbeFailure(
  entry: EntryOrder,
  step: number,
  findings: readonly Finding[],
  context: ProtoContext,
): OrderTimeline | null {
  const found = failuresOf(entry)[step - 1];
  if (found === undefined) return null;
  const { failure, index } = found;
  const { nameOf } = namesAmong(entry.acquired);
  const fails = entry.failing?.[index];
  const where = `after step ${step}: ${nameOf(found.step)}`;
  const convert = conversion(findings, context);
  return {
    timeline: 'probe-fail',
    title: fails ? `${fails}() fails, ${where}` : `Probe fails ${where}`,
    steps: toSteps(failure.steps, convert),
    runs: toRuns(failure.steps),
    runners: [],
    left: toLeft(entry.acquired.slice(0, index + 1), failure.steps, convert),
  };
}

/** What was taken and is not among what is given back; taken on several ways at one place, it is one. */
function toLeft(
  taken: readonly TeardownStep[],
  given: readonly TeardownStep[],
  { location }: Conversion,
): OrderLeft[] {
  const ended = endedOn(given);
  const left = new Map<string, OrderLeft>();
  for (const step of taken) {
    if (step.endsInProbe || ended.has(step.id)) continue;
    const { file, start } = step.registered.place;
    const key = `${file} ${start}`;
    left.set(key, {
      name: nameAlone(step),
      kind: step.kind,
      location: location(step.registered.place),
      conditional: step.conditional,
      count: (left.get(key)?.count ?? 0) + 1,
    });
  }
  return [...left.values()];
}
