/** From facts, catalogue and configuration to a report and a teardown order. */
import type { Catalog } from './catalog.ts';
import type { FileFacts } from './facts/types.ts';
import { fingerprintOf } from './fingerprint.ts';
import { withFixes } from './fixes/lazily.ts';
import { Once } from './once.ts';
import { Allocations } from './program/allocations.ts';
import { CallGraph } from './program/call-graph.ts';
import { Effects } from './program/effects.ts';
import type { ForeignModule } from './program/foreign.ts';
import { MacroCalls } from './program/macro-calls.ts';
import { Memory } from './program/memory.ts';
import { Program } from './program/program.ts';
import { registrationsOf } from './program/registrations.ts';
import type { Finding, ModuleOrder, ModuleSummary, Problem, Report, Severity } from './result.ts';
import { rules } from './rules/index.ts';
import type { Pass, Rule, RuleFinding } from './rules/rule.ts';
import { applySuppressions } from './suppressions.ts';
import { tableFunctions } from './teardown/entries.ts';
import { orderOf } from './teardown/order.ts';

export interface ModuleInput {
  readonly name: string;
  /** Sources and headers. */
  readonly files: readonly FileFacts[];
  /** Other modules of the tree that this one calls. What is wrong inside them is said of them. */
  readonly foreign?: readonly ForeignModule[];
  /** The text of one of the files as it was read, for fixes; without it none is offered. */
  readonly textOf?: (path: string) => string | undefined;
  /** What the host could not read. */
  readonly problems: readonly Problem[];
}

export interface AnalysisConfig {
  /** Rule id to severity; `off` silences the rule. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** Whether fixes that move something to another scope are offered for a file; without it they are. */
  readonly converts?: (path: string) => boolean;
}

export interface Analysis {
  readonly report: Report;
  /** Computed on the first call. */
  order(): ModuleOrder;
  /** What the rules saw; annotations ask it about places in the source. */
  readonly pass: Pass;
  /** What the next analysis of the module can take over. */
  readonly program: Program;
}

/** Analyses one module. Never throws on bad C: what was not understood is missing from the answer. */
export function analyzeModule(
  input: ModuleInput,
  catalog: Catalog,
  config: AnalysisConfig,
  previous?: Program,
): Analysis {
  const macros = new MacroCalls(input.files, catalog, previous?.macros);
  const program = new Program(macros.expand(input.files), previous, input.foreign, macros);
  const graph = new CallGraph(program, catalog);
  const registrations = registrationsOf(program, catalog, graph);
  const pass: Pass = {
    program,
    catalog,
    registrations,
    graph,
    memory: new Memory(program, catalog, registrations),
    tableFunctions: tableFunctions(program, catalog),
    effects: new Effects(program, catalog, graph),
    allocations: new Allocations(program, catalog),
    once: new Once(),
    textOf: input.textOf ?? (() => undefined),
    buses: busesOf(program, catalog),
  };
  const findings = runRules(pass, config);
  const report: Report = {
    module: summaryOf(input, program, catalog),
    findings,
    problems: input.problems,
  };
  let order: ModuleOrder | null = null;
  return { report, program, pass, order: () => (order ??= orderOf(input.name, pass, findings)) };
}

function runRules(pass: Pass, config: AnalysisConfig): Finding[] {
  const isOff = (id: string) => config.severities[id] === 'off';
  const run = (rule: Rule) => named(rule.id, ownOf(rule.run(pass), pass.program), config, pass);
  const found = rules.filter((rule) => !isOff(rule.id)).flatMap(run);
  const { kept, reports } = applySuppressions(pass.program.files, found, isOff);
  const about = [...reports]
    .filter(([id]) => !isOff(id))
    .flatMap(([id, list]) => named(id, list, config, pass));
  return [...kept, ...about].sort(
    (a, b) =>
      compare(a.place.file, b.place.file) ||
      a.place.start - b.place.start ||
      compare(a.rule, b.rule),
  );
}

/** Without what is another module's. */
function ownOf(list: readonly RuleFinding[], program: Program): readonly RuleFinding[] {
  const foreign = new Set(Array.from(program.foreignFiles(), (file) => file.path));
  return foreign.size === 0 ? list : list.filter(({ place }) => !foreign.has(place.file));
}

/** The findings of one rule with their names. */
function named(
  rule: string,
  list: readonly RuleFinding[],
  config: AnalysisConfig,
  pass: Pass,
): Finding[] {
  const configured = config.severities[rule];
  const seen = new Map<string, number>();
  return list.map(({ identity, fixes, ...found }) => {
    const name = [rule, found.place.file, found.function, ...identity].join(' ');
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const severity = configured === undefined || configured === 'off' ? found.severity : configured;
    const fingerprint = fingerprintOf([name, ...(count > 1 ? [String(count)] : [])]);
    const converts = config.converts?.(found.place.file) ?? true;
    return withFixes({ ...found, rule, severity, fingerprint }, fixes, pass, converts);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function busesOf(program: Program, catalog: Catalog): Set<string> {
  const buses = new Set<string>();
  for (const { table } of program.tables()) {
    const bus = catalog.ops.get(table.struct)?.bus;
    if (bus !== undefined) buses.add(bus);
  }
  return buses;
}

function summaryOf(input: ModuleInput, program: Program, catalog: Catalog): ModuleSummary {
  const actions = { devm: 0, drmm: 0 };
  const counted = new Set([
    'add-action',
    'alloc-memory',
    'acquire',
    'alloc-object',
    'init-object',
    'device-alloc',
  ]);
  const sources = input.files.filter((file) => !file.path.endsWith('.h'));
  const counts = new Set(sources);
  for (const api of catalog.managed.values()) {
    if (!counted.has(api.role)) continue;
    const calls = program.callsOf(api.name).filter((site) => counts.has(site.caller.file));
    actions[api.scope === 'drm' ? 'drmm' : 'devm'] += calls.length;
  }
  return {
    name: input.name,
    files: sources.length,
    parsedWithErrors: sources.filter((file) => file.errors > 0).length,
    actions,
  };
}
