/** From facts, catalogue and configuration to a report and a teardown order. */
import type { Catalog } from './catalog.ts';
import type { FileFacts } from './facts/types.ts';
import { fingerprintOf } from './fingerprint.ts';
import { Once } from './once.ts';
import { Allocations } from './program/allocations.ts';
import { CallGraph } from './program/call-graph.ts';
import { Effects } from './program/effects.ts';
import { Memory } from './program/memory.ts';
import { Program } from './program/program.ts';
import { registrationsOf } from './program/registrations.ts';
import type { Finding, ModuleOrder, ModuleSummary, Problem, Report, Severity } from './result.ts';
import { rules } from './rules/index.ts';
import type { Pass, RuleFinding } from './rules/rule.ts';
import { applySuppressions } from './suppressions.ts';
import { tableFunctions } from './teardown/entries.ts';
import { orderOf } from './teardown/order.ts';

export interface ModuleInput {
  readonly name: string;
  /** Sources and headers. */
  readonly files: readonly FileFacts[];
  /** What the host could not read. */
  readonly problems: readonly Problem[];
}

export interface AnalysisConfig {
  /** Rule id to severity; `off` silences the rule. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}

export interface Analysis {
  readonly report: Report;
  /** Computed on the first call. */
  order(): ModuleOrder;
  /** What the next analysis of the module can take over. */
  readonly program: Program;
}

/** Analyses one module. Never throws on bad C: what was not understood is missing from the answer. */
export function analyzeModule(input: ModuleInput, catalog: Catalog, config: AnalysisConfig, previous?: Program): Analysis {
  const program = new Program(input.files, previous);
  const registrations = registrationsOf(program, catalog);
  const pass: Pass = {
    program, catalog, registrations,
    graph: new CallGraph(program, catalog),
    memory: new Memory(program, catalog, registrations),
    tableFunctions: tableFunctions(program, catalog),
    effects: new Effects(program, catalog),
    allocations: new Allocations(program, catalog),
    once: new Once(),
    buses: busesOf(program, catalog),
  };
  const findings = runRules(pass, config);
  const report: Report = { module: summaryOf(input, program, catalog), findings, problems: input.problems };
  let order: ModuleOrder | null = null;
  return { report, program, order: () => (order ??= orderOf(input.name, pass, findings)) };
}

function runRules(pass: Pass, config: AnalysisConfig): Finding[] {
  const isOff = (id: string) => config.severities[id] === 'off';
  const found = rules.filter((rule) => !isOff(rule.id)).flatMap((rule) => named(rule.id, rule.run(pass), config));
  const { kept, reports } = applySuppressions(pass.program.files, found, isOff);
  const about = [...reports].filter(([id]) => !isOff(id)).flatMap(([id, list]) => named(id, list, config));
  return [...kept, ...about].sort((a, b) => compare(a.place.file, b.place.file) || a.place.start - b.place.start || compare(a.rule, b.rule));
}

/** The findings of one rule with their names. */
function named(rule: string, list: readonly RuleFinding[], config: AnalysisConfig): Finding[] {
  const configured = config.severities[rule];
  const seen = new Map<string, number>();
  return list.map(({ identity, ...found }) => {
    const name = [rule, found.place.file, found.function, ...identity].join(' ');
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const severity = configured === undefined || configured === 'off' ? found.severity : configured;
    return { ...found, rule, severity, fingerprint: fingerprintOf([name, ...(count > 1 ? [String(count)] : [])]) };
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
  const counted = new Set(['add-action', 'alloc-memory', 'acquire', 'alloc-object', 'init-object', 'device-alloc']);
  const sources = input.files.filter((file) => !file.path.endsWith('.h'));
  for (const api of catalog.managed.values()) {
    if (!counted.has(api.role)) continue;
    const calls = program.callsOf(api.name).filter((site) => !site.caller.file.path.endsWith('.h'));
    actions[api.scope === 'drm' ? 'drmm' : 'devm'] += calls.length;
  }
  return { name: input.name, files: sources.length, parsedWithErrors: sources.filter((file) => file.errors > 0).length, actions };
}
