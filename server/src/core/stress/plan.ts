/** Which ways of taking a driver down are worth trying on a test machine, and what each may show. */
import type { Catalog } from '../catalog.ts';
import type { StressScenario } from '../catalog-entries.ts';
import type { Pass } from '../pass.ts';
import type { Finding, ModuleOrder } from '../result.ts';
import { failingCallsOf } from '../teardown/order.ts';
import { type Footprint, footprintsOf } from './footprint.ts';

export interface PlannedScenario {
  readonly scenario: StressScenario;
  /** The findings that it may show, the worst first. */
  readonly shows: readonly Finding[];
}

export interface StressPlan {
  /** As the kernel loads it. */
  readonly module: string;
  /** Where its drivers are; empty for a module that makes its device itself. */
  readonly buses: readonly string[];
  readonly scenarios: readonly PlannedScenario[];
  /** `FUNCTION:N:ANSWER`: the N-th call of it is to answer that, and probe fails. */
  readonly failures: readonly string[];
  /** The driver's own attributes in sysfs. */
  readonly attributes: readonly string[];
}

/** What a plan is made of: a module's analysis. */
export interface StressInput {
  readonly pass: Pass;
  readonly order: ModuleOrder;
  readonly findings: readonly Finding[];
}

/** So many failures are tried: each takes some seconds. */
const maximumFailures = 120;
/** Errors answer -ENOMEM. */
const failure = { error: -12, nothing: 0 } as const;

export function stressPlan({ pass, order, findings }: StressInput): StressPlan {
  const { catalog } = pass;
  const prints = footprintsOf(findings, pass, order);
  const offered = catalog.data.stress.filter((one) => isOffered(one, pass, order));
  return {
    module: order.module,
    buses: busesOf(pass),
    scenarios: offered.map((scenario) => ({
      scenario,
      shows: prints.filter((print) => isShownBy(print, scenario)).map(({ finding }) => finding),
    })),
    failures: failuresOf(pass),
    attributes: attributesOf(pass),
  };
}

/** The scenarios that may show a finding, of those that the driver offers. */
export function scenariosFor(
  finding: Finding,
  { pass, order }: Omit<StressInput, 'findings'>,
): StressScenario[] {
  const prints = footprintsOf([finding], pass, order);
  return pass.catalog.data.stress.filter(
    (one) => prints.some((print) => isShownBy(print, one)) && isOffered(one, pass, order),
  );
}

/** Whether a scenario runs what a finding is about. */
export function isShownBy(
  { finding, structs }: Footprint,
  { timelines, structs: own, rules }: StressScenario,
): boolean {
  if (!timelines.some((one) => finding.timelines.includes(one))) return false;
  if (own === undefined && rules === undefined) return true;
  return rules?.includes(finding.rule) === true || own?.some((one) => structs.has(one)) === true;
}

/** The scenario that a mark in a log names: `probe-fail:request_irq:1` is `probe-fail`. */
export function scenarioNamed(name: string, catalog: Catalog): StressScenario | undefined {
  const [base] = name.split(':');
  return catalog.data.stress.find((one) => one.name === base);
}

/** What no device is bound on has none that user space could unbind. */
function busesOf({ buses }: Pass): string[] {
  return [...buses].filter((bus) => bus !== 'component' && bus !== 'faux').sort();
}

function isOffered(
  { end, drm, buses, offers }: StressScenario,
  pass: Pass,
  { entries }: ModuleOrder,
): boolean {
  const own = busesOf(pass);
  // A driver that makes its device itself goes with its module; a library has nothing that ends.
  if (own.length === 0 && (end !== 'rmmod' || entries.length === 0)) return false;
  if (drm && !entries.some((entry) => entry.drm)) return false;
  if (buses && !buses.some((bus) => own.includes(bus))) return false;
  return offers === undefined || offers.some((word) => mentions(pass, word));
}

function mentions({ program }: Pass, word: string): boolean {
  return (
    program.mentioning(word).length > 0 ||
    program
      .tables()
      .some(
        ({ file, table }) =>
          table.struct === word ||
          table.entries.some(({ member }) => member === word) ||
          program.tableMentions(file, table.name, word),
      )
  );
}

function failuresOf(pass: Pass): string[] {
  const seen = new Map<string, number>();
  // Memory is asked for by everybody: which call of it is the driver's, nobody knows.
  const all = failingCallsOf(pass).filter(
    ({ name }) => /^[A-Za-z_]\w*$/.test(name) && !pass.catalog.plain.has(name),
  );
  return all.slice(0, maximumFailures).map(({ name, answers }) => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return `${name}:${nth}:${failure[answers]}`;
  });
}

/** `foo_show()` with a device_attribute shows the attribute `foo`. */
function attributesOf({ program }: Pass): string[] {
  const shows = program
    .mentioning('device_attribute')
    .filter(({ facts }) => facts.params.some(({ type }) => type.name === 'device_attribute'))
    .flatMap(({ name }) => /^(\w+)_show$/.exec(name)?.[1] ?? []);
  return [...new Set(shows)].sort();
}
