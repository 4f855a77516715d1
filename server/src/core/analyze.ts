/** From facts, catalogue and configuration to a report and a teardown order. */
import type { Catalog } from './catalog.ts';
import { byCause, type Untold, withOthers } from './causes.ts';
import type { SourceFile } from './facts/source-file.ts';
import { fingerprintOf } from './fingerprint.ts';
import { withFixes } from './fixes/lazily.ts';
import { Share, stepsFor, unordered } from './given-up.ts';
import { Pass, type Question } from './pass.ts';
import { plainPlace } from './places.ts';
import type { ForeignModule } from './program/foreign.ts';
import { unfound } from './program/unfound.ts';
import type {
  Finding,
  Fix,
  ModuleOrder,
  ModuleSummary,
  Problem,
  Report,
  Severity,
} from './result.ts';
import { rules } from './rules/index.ts';
import type { Rule, RuleFinding } from './rules/rule.ts';
import { applySuppressions } from './suppressions.ts';
import { orderOf } from './teardown/order.ts';

export interface ModuleInput {
  readonly name: string;
  /** Sources and headers. */
  readonly files: readonly SourceFile[];
  /** Other modules of the tree that this one calls. What is wrong inside them is said of them. */
  readonly foreign?: readonly ForeignModule[] | undefined;
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
  /** Takes away the findings that are known, so that nothing tells of them; without it none is. */
  readonly unlisted?: (findings: readonly Finding[]) => readonly Finding[];
}

export interface Analysis {
  readonly report: Report;
  /** False when a rule was given up: what a fix would make of the module is not known then. */
  readonly complete: boolean;
  /** Computed on the first call. */
  order(): ModuleOrder;
  /**
   * What the rules saw; annotations ask it about places in the source, and the next analysis of the module takes it
   * over.
   */
  readonly pass: Pass;
}

/**
 * Analyses one module. Never throws on bad C: what was not understood is missing from the answer.
 * @param previous the pass of an earlier analysis of the module, which shows the newer files from now on
 */
export function analyzeModule(
  input: ModuleInput,
  catalog: Catalog,
  config: AnalysisConfig,
  previous?: Pass,
): Analysis {
  const pass = previous?.catalog === catalog ? previous : new Pass(input, catalog);
  if (pass === previous) pass.update(input);
  const share = new Share(pass, stepsFor(pass));
  const { findings: all, complete } = runRules(pass, config, share);
  const findings = config.unlisted?.(all) ?? all;
  const report: Report = {
    module: summaryOf(input.name, pass),
    findings,
    problems: withoutRepeats([
      ...input.problems,
      ...unfound(pass.program, catalog),
      ...share.problems,
    ]),
  };
  let order: ModuleOrder | null = null;
  const find = (): ModuleOrder =>
    catalog.flows.effort.within(stepsFor(pass), () => orderOf(input.name, pass, findings))?.value ??
    unordered(input.name);
  return { report, complete, pass, order: () => (order ??= find()) };
}

function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [`${one.file}\0${one.message}`, one])).values()];
}

/** What a rule says of a module. */
const found: Question<Rule, readonly RuleFinding[]> = {
  answer: (pass, rule) => rule.run(pass),
};

function runRules(
  pass: Pass,
  config: AnalysisConfig,
  share: Share,
): { readonly findings: Finding[]; readonly complete: boolean } {
  const isOff = (id: string) => config.severities[id] === 'off';
  const foreign = new Set(Array.from(pass.program.foreignFiles(), (file) => file.path));
  let complete = true;
  const run = (rule: Rule) => {
    const answer = share.of(rule.id, () => pass.ask(found, rule));
    if (answer === undefined) complete = false;
    return named(rule.id, ownOf(answer ?? [], foreign), config);
  };
  const all = rules.filter((rule) => !isOff(rule.id)).flatMap(run);
  const { kept, reports } = applySuppressions(pass.program.files, all, isOff);
  const about = [...reports]
    .filter(([id]) => !isOff(id))
    .flatMap(([id, list]) => named(id, list, config));
  const convertible = config.converts ?? (() => true);
  const left = new Set<Named>([...kept, ...about]);
  // Who says why the first of a group is right has said so of all that comes of its cause.
  const findings = byCause([...all, ...about])
    .filter(([first]) => first && left.has(first))
    .map((group) => group.filter((one) => left.has(one)))
    .map((group) => told(group, pass, convertible))
    .sort(
      (a, b) =>
        compare(a.place.file, b.place.file) ||
        a.place.start - b.place.start ||
        compare(a.rule, b.rule),
    );
  return { findings, complete };
}

/** Without what is another module's. */
function ownOf(list: readonly RuleFinding[], foreign: ReadonlySet<string>): readonly RuleFinding[] {
  return foreign.size === 0 ? list : list.filter(({ place }) => !foreign.has(place.file));
}

/** A body under several heads is as many functions: what is found in it is said once. */
function withoutTwins(list: readonly RuleFinding[]): readonly RuleFinding[] {
  const said = new Map(
    [...list].reverse().map((one) => {
      const { file, start, end } = one.place;
      return [[file, start, end, one.message, ...one.identity].join('\0'), one] as const;
    }),
  );
  const kept = new Set(said.values());
  return list.filter((one) => kept.has(one));
}

/** A finding of one rule with its name, before it is known what else comes of its cause. */
interface Named extends Untold {
  readonly makes: RuleFinding['fixes'];
}

function named(rule: string, list: readonly RuleFinding[], config: AnalysisConfig): Named[] {
  const configured = config.severities[rule];
  const seen = new Map<string, number>();
  return withoutTwins(list).map(({ identity, fixes: makes, causes = [], ...found }) => {
    // Without the file: one that is renamed brings nothing new.
    const name = [rule, found.function, ...identity].join(' ');
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const severity = configured === undefined || configured === 'off' ? found.severity : configured;
    const fingerprint = fingerprintOf([name, ...(count > 1 ? [String(count)] : [])]);
    const place = plainPlace(found.place);
    const chain = found.chain.map((link) => ({ ...link, place: plainPlace(link.place) }));
    return { ...found, place, chain, rule, severity, fingerprint, causes, makes };
  });
}

/** One finding for all that come of one cause, with the fixes of the first that has an edit to offer. */
function told(group: readonly Named[], pass: Pass, converts: (path: string) => boolean): Finding {
  const [first, ...others] = group.map(({ makes: _, ...finding }) => finding);
  if (first === undefined) throw new Error('a cause without a finding');
  const making = (): readonly Fix[] => {
    const all = group.map(({ makes }) => (typeof makes === 'function' ? makes() : makes));
    return all.find((list) => list.some(({ edits }) => edits.length > 0)) ?? all[0] ?? [];
  };
  const [alone] = group.length === 1 ? group : [];
  return withFixes(
    withOthers(first, others),
    alone ? alone.makes : making,
    pass,
    converts(first.place.file),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function summaryOf(name: string, pass: Pass): ModuleSummary {
  const sources = pass.program.files.filter((file) => !file.path.endsWith('.h'));
  const parsedWithErrors = sources.filter(({ source }) => source.isBroken).length;
  return { name, files: sources.length, parsedWithErrors, actions: pass.ask(actions, null) };
}

/** How many calls in the module's own sources register something. */
const actions: Question<null, ModuleSummary['actions']> = {
  answer: ({ program, catalog }) => {
    const found = { devm: 0, drmm: 0 };
    for (const api of catalog.managed.values()) {
      if (!counted.has(api.role)) continue;
      const calls = program
        .callsOf(api.name)
        .filter(({ caller }) => !caller.file.path.endsWith('.h') && !program.isForeign(caller));
      const places = calls.map(
        ({ caller, call }) => `${caller.file.path} ${caller.start + call.start}`,
      );
      found[api.scope === 'drm' ? 'drmm' : 'devm'] += new Set(places).size;
    }
    return found;
  },
};

const counted = new Set([
  'add-action',
  'alloc-memory',
  'acquire',
  'alloc-object',
  'init-object',
  'device-alloc',
]);
