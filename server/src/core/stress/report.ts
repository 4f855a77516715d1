/** What the log of a stress kit shows: each scenario beside the prediction, and which predicted hazards were seen. */
import type { Catalog } from '../catalog.ts';
import type { Finding, ModuleOrder, Timeline } from '../result.ts';
import type { LogEvent, LogMark, TeardownLog } from '../teardown/log.ts';
import { inTime, type TimedLog } from '../teardown/log-clocks.ts';
import {
  compareLog,
  type LogComparison,
  type Trouble,
  troubleFrom,
} from '../teardown/log-compare.ts';
import type { LogNames } from '../teardown/log-names.ts';
import type { TroubleKind } from '../teardown/log-troubles.ts';
import { type Footprint, footprintsOf, isTelling } from './footprint.ts';
import { isShownBy, type StressInput, scenarioNamed } from './plan.ts';

/**
 * `done`: to its end; `stopped`: the machine went down in it, or did not come back; `left-out`: the driver, the
 * machine or the kernel has no such thing; `cut`: the log ends in it.
 */
export type ScenarioState = 'done' | 'stopped' | 'left-out' | 'cut';

export interface StressedScenario {
  readonly name: string;
  readonly state: ScenarioState;
  /** Why it was left out; null when it was not. */
  readonly reason: string | null;
  readonly lines: { readonly first: number; readonly last: number };
  /** The teardown beside the prediction; null when nothing of it is in the log. */
  readonly comparison: LogComparison | null;
  /** Why there is no comparison. */
  readonly problem: string | null;
  readonly troubles: readonly StressTrouble[];
}

/** What the kernel found wrong, or what was left, with the findings that predicted it. */
export interface StressTrouble extends Trouble {
  /** Fingerprints. */
  readonly findings: readonly string[];
}

/** `seen`; `not-shown`: a scenario that may show it was done; `not-tried`: none was. */
export type HazardState = 'seen' | 'not-shown' | 'not-tried';

export interface PredictedHazard {
  readonly finding: Finding;
  readonly state: HazardState;
  /** Where it was seen, else those done that may show it, else those that would. */
  readonly scenarios: readonly string[];
}

export interface StressReport {
  readonly module: string;
  readonly scenarios: readonly StressedScenario[];
  /** The predicted hazards that a teardown can show, in the order of the findings. */
  readonly hazards: readonly PredictedHazard[];
  /** What no finding predicted, once each, with how often it was told. */
  readonly unpredicted: readonly Unpredicted[];
}

export interface Unpredicted {
  readonly trouble: StressTrouble;
  readonly scenario: string;
  readonly times: number;
}

/** So many scenarios of a log are looked at, the latest ones: some runs of a kit. */
const maximumScenarios = 400;
/** What there was before the first scenario. */
const asFound = 'as-found';

/** Whether a log is that of a stress kit. */
export function isStressLog({ marks }: TeardownLog, catalog: Catalog): boolean {
  return marks.some(
    ({ kind, name }) =>
      kind === 'stress' ||
      (kind === 'scenario' && name !== undefined && scenarioNamed(name, catalog) !== undefined),
  );
}

/** One scenario's part of the log. */
interface Part {
  readonly name: string;
  readonly begin: LogMark;
  readonly state: ScenarioState;
  readonly reason: string | null;
  readonly events: readonly LogEvent[];
  readonly marks: readonly LogMark[];
}

/**
 * Reads a log over the module that it is of.
 * @param wanted only this timeline is compared, when the user names one
 */
export function stressReport(
  log: TeardownLog,
  { pass, order, findings }: StressInput,
  names: LogNames,
  wanted?: Timeline,
): StressReport {
  const { catalog } = pass;
  const prints = footprintsOf(findings, pass, order);
  const telling = isTelling(pass);
  const scenarios = partsOf(inTime(log, names)).map((part) =>
    stressed(part, { log, order, names, wanted }, (trouble) =>
      predictedBy(trouble, part.name, prints, telling, catalog),
    ),
  );
  return {
    module: order.module,
    scenarios,
    hazards: prints.map((print) => hazardOf(print, scenarios, catalog)),
    unpredicted: unpredictedIn(scenarios),
  };
}

/** Cuts a log at its scenarios; a scenario that has no end stopped, where another begins behind it. */
function partsOf({ events, marks }: TimedLog): Part[] {
  // The tracer has the same marks once more; where what follows the kernel's log came late, it alone has them.
  const begins = marks
    .filter(
      ({ kind, clock, name, boot }) =>
        kind === 'scenario' &&
        (clock === 'printk' ||
          !marks.some(
            (one) =>
              one.kind === kind && one.clock === 'printk' && one.name === name && one.boot === boot,
          )),
    )
    .slice(-maximumScenarios);
  const eventsOf = splitAt(begins, events);
  const marksOf = splitAt(begins, marks);
  return begins.map((begin, i) => {
    const next = begins[i + 1];
    const own = marksOf[i] ?? [];
    const last = own.find(({ kind, name }) => name === begin.name && isEnd(kind));
    const stopped = own.some(({ trouble }) => trouble === 'stuck' || trouble === 'panic');
    const reason = own.find(({ kind }) => kind === 'not-offered')?.name ?? null;
    return {
      name: begin.name ?? '',
      begin,
      reason,
      state: stateOf(last?.kind, reason, stopped || next !== undefined),
      events: eventsOf[i] ?? [],
      marks: own,
    };
  });
}

/** What lies behind each beginning, and before the next one. */
function splitAt<T extends LogEvent | LogMark>(
  begins: readonly LogMark[],
  all: readonly T[],
): readonly (readonly T[])[] {
  const parts: T[][] = begins.map(() => []);
  let at = -1;
  for (const one of all) {
    for (let next = begins[at + 1]; next && next.at <= one.at; next = begins[at + 1]) at++;
    parts[at]?.push(one);
  }
  return parts;
}

function isEnd(kind: LogMark['kind']): boolean {
  return kind === 'scenario-end' || kind === 'left-out';
}

function stateOf(
  end: LogMark['kind'] | undefined,
  reason: string | null,
  stopped: boolean,
): ScenarioState {
  if (end === 'left-out' || (end !== undefined && reason !== null)) return 'left-out';
  if (end !== undefined) return 'done';
  return stopped ? 'stopped' : 'cut';
}

interface Laying {
  readonly log: TeardownLog;
  readonly order: ModuleOrder;
  readonly names: LogNames;
  readonly wanted: Timeline | undefined;
}

function stressed(
  { name, begin, state, reason, events, marks }: Part,
  { log, order, names, wanted }: Laying,
  predicted: (trouble: Trouble) => readonly string[],
): StressedScenario {
  const { lines, end } = log;
  const result =
    state === 'left-out'
      ? { problem: null }
      : compareLog(
          { lines, end, events: within(events, marks), marks, boots: 1, leftOut: 0, lost: 0 },
          [order],
          names,
          wanted,
          'first',
        );
  const comparison = 'comparison' in result ? result.comparison : null;
  const steps = new Map(comparison?.troubles.map(({ line, step }) => [line, step]));
  return {
    name,
    state,
    reason,
    lines: { first: begin.line, last: Math.max(begin.line, ...lastOf(events), ...lastOf(marks)) },
    comparison,
    problem: 'problem' in result ? result.problem : null,
    troubles: marks
      .filter(({ kind }) => kind === 'trouble')
      .map((mark) => {
        const trouble = { ...troubleFrom(mark), step: steps.get(mark.line) ?? null };
        return { ...trouble, findings: predicted(trouble) };
      }),
  };
}

/** What a kit says of the scenario in which the machine went down, on the next boot. */
const stoppedLine = /^DT: scenario \S+ stopped/;

/**
 * What comes behind the end of a scenario puts the device back for the next one: the bus is scanned, and it goes
 * once more.
 */
function within(events: readonly LogEvent[], marks: readonly LogMark[]): readonly LogEvent[] {
  const end = marks.find(({ kind, text }) => isEnd(kind) || stoppedLine.test(text));
  return end ? events.filter(({ at }) => at <= end.at) : events;
}

function lastOf(all: readonly { readonly line: number }[]): number[] {
  return all.slice(-1).map(({ line }) => line);
}

/**
 * The findings that a trouble is of: what is left by its kind, a report by the innermost functions of the module on
 * it.
 */
function predictedBy(
  { kind, text, stacks }: Trouble,
  scenario: string,
  prints: readonly Footprint[],
  telling: (name: string) => boolean,
  catalog: Catalog,
): readonly string[] {
  const timelines =
    scenario === asFound ? ['unbind'] : (scenarioNamed(scenario, catalog)?.timelines ?? []);
  const possible = prints.filter(({ finding }) =>
    finding.timelines.some((one) => timelines.includes(one)),
  );
  if (kind === 'leftover') {
    const [, what] = /^DT: left (\S+)/.exec(text) ?? [];
    const kinds = catalog.data.leftovers.find(({ name }) => name === what)?.kinds ?? [];
    return fingerprintsOf(possible.filter((one) => kinds.some((word) => one.kinds.has(word))));
  }
  const own = (names: readonly string[]) => names.filter(telling);
  const functions = own(stacks.at).length > 0 ? own(stacks.at) : own(stacks.others);
  for (const name of functions) {
    const found = possible.filter((one) => one.functions.has(name));
    if (found.length > 0) return fingerprintsOf(found);
  }
  return [];
}

function fingerprintsOf(prints: readonly Footprint[]): string[] {
  return prints.map(({ finding }) => finding.fingerprint);
}

function hazardOf(
  print: Footprint,
  scenarios: readonly StressedScenario[],
  catalog: Catalog,
): PredictedHazard {
  const { finding } = print;
  const seen = scenarios.filter(({ troubles }) =>
    troubles.some((one) => one.findings.includes(finding.fingerprint)),
  );
  if (seen.length > 0) return { finding, state: 'seen', scenarios: namesOf(seen) };
  const done = scenarios.filter(({ name, state }) => {
    const scenario = scenarioNamed(name, catalog);
    return state === 'done' && scenario !== undefined && isShownBy(print, scenario);
  });
  if (done.length > 0) return { finding, state: 'not-shown', scenarios: namesOf(done) };
  const would = catalog.data.stress.filter((one) => isShownBy(print, one));
  return { finding, state: 'not-tried', scenarios: would.map(({ name }) => name) };
}

function namesOf(scenarios: readonly StressedScenario[]): string[] {
  return [...new Set(scenarios.map(({ name }) => name))];
}

/** Numbers and addresses vary from one time to the next. */
function alike({ text, kind, stacks }: Trouble): string {
  return [
    kind,
    text.replace(/0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+/g, '#'),
    ...stacks.at.slice(0, 3),
  ].join(' ');
}

/** What kills the task that it happens in, or keeps it for good. */
const deadly: ReadonlySet<TroubleKind> = new Set(['fault', 'bug', 'panic']);

/** A panic is told by the report above it, and what a task leaves or holds by what killed it. */
function follows({ kind, line, stacks }: Trouble, all: readonly Trouble[]): boolean {
  if (kind === 'panic') return stacks.at.length > 0;
  if (kind !== 'leftover' && kind !== 'stuck') return false;
  return all.some((other) => deadly.has(other.kind) && other.line < line);
}

function unpredictedIn(scenarios: readonly StressedScenario[]): Unpredicted[] {
  const found = new Map<string, Unpredicted>();
  for (const { name, troubles } of scenarios) {
    for (const trouble of troubles) {
      if (trouble.findings.length > 0 || follows(trouble, troubles)) continue;
      const key = alike(trouble);
      const known = found.get(key);
      found.set(
        key,
        known ? { ...known, times: known.times + 1 } : { trouble, scenario: name, times: 1 },
      );
    }
  }
  return [...found.values()];
}
