/** `order --log` of a stress kit's log: which predicted hazards showed, and each scenario beside the prediction. */
import { printable } from '../../core/mail/quote.ts';
import type {
  HazardState,
  PredictedHazard,
  ScenarioState,
  StressedScenario,
  StressReport,
  StressTrouble,
  Unpredicted,
} from '../../core/stress/report.ts';
import { inlineCode, markdownText, prose } from './markdown.ts';
import {
  bodyOf,
  differencesMarkdown,
  renderLogJson,
  summaryOf,
  tellsSomething,
  titleOf,
} from './order-log.ts';
import { count, type Style } from './style.ts';

const hazardWords: Readonly<Record<HazardState, string>> = {
  seen: 'SEEN',
  'not-shown': 'not shown',
  'not-tried': 'not tried',
};

const scenarioWords: Readonly<Record<ScenarioState, string>> = {
  done: 'done',
  stopped: 'STOPPED',
  'left-out': 'left out',
  cut: 'CUT OFF',
};

/** So many lines of the log are shown for one hazard. */
const maximumShown = 4;
/** So many functions of a stack are shown. */
const maximumFrames = 6;

interface Evidence {
  readonly scenario: string;
  readonly trouble: StressTrouble;
}

function evidenceOf({ finding }: PredictedHazard, { scenarios }: StressReport): Evidence[] {
  return scenarios.flatMap(({ name, troubles }) =>
    troubles
      .filter(({ findings }) => findings.includes(finding.fingerprint))
      .map((trouble) => ({ scenario: name, trouble })),
  );
}

function tried({ state, scenarios }: PredictedHazard): string {
  const names = scenarios.join(', ');
  if (state === 'not-shown') return `tried by ${names}`;
  return `would be shown by ${names === '' ? 'no scenario' : names}`;
}

function stackLine({ stacks }: StressTrouble): string {
  const at = stacks.at.length > 0 ? stacks.at : stacks.others;
  if (at.length === 0) return '';
  return at.slice(0, maximumFrames).join(' < ') + (at.length > maximumFrames ? ' < …' : '');
}

function totals({ hazards, unpredicted, scenarios }: StressReport): string {
  const of = (state: HazardState) => hazards.filter((one) => one.state === state).length;
  const done = scenarios.filter(({ state }) => state === 'done').length;
  return [
    `${count(hazards.length, 'predicted hazard')}: ${of('seen')} seen, ${of('not-shown')} not shown, ${of('not-tried')} not tried`,
    `${unpredicted.length} told by the kernel and not predicted`,
    `${done} of ${count(scenarios.length, 'scenario')} done`,
  ].join('; ');
}

function hazardText(hazard: PredictedHazard, report: StressReport, style: Style): string[] {
  const { finding, state } = hazard;
  const mark = hazardWords[state].padEnd(10);
  const evidence = evidenceOf(hazard, report);
  return [
    `  ${state === 'seen' ? style.bold(mark) : mark} ${style.severity(finding.severity)} ${finding.rule}  ${style.at(finding.place)}`,
    `             ${printable(finding.message)}`,
    ...(state === 'seen' ? [] : [`             ${tried(hazard)}`]),
    ...evidence
      .slice(0, maximumShown)
      .map(
        ({ scenario, trouble }) =>
          `             ${scenario}: ${printable(trouble.text)}  log line ${trouble.line}`,
      ),
    ...(evidence.length > maximumShown
      ? [`             and ${evidence.length - maximumShown} more`]
      : []),
  ];
}

function unpredictedText({ trouble, scenario, times }: Unpredicted): string[] {
  const stack = stackLine(trouble);
  const more = times > 1 ? `, ${times} times` : '';
  return [
    `  ${printable(trouble.text)}  in ${scenario}, log line ${trouble.line}${more}`,
    ...(stack === '' ? [] : [`             ${stack}`]),
  ];
}

function outcome({ state, reason, comparison, problem, troubles }: StressedScenario): string {
  if (reason !== null) return printable(reason);
  const shown = comparison
    ? `${titleOf(comparison)}: ${summaryOf(comparison)}`
    : printable(problem ?? '');
  const wrong = comparison ? 0 : troubles.length;
  return `${shown}${wrong > 0 ? `, ${wrong} told wrong by the kernel` : ''}${state === 'cut' ? ' (the log ends here)' : ''}`;
}

function scenarioText(scenario: StressedScenario, style: Style, all: boolean): string[] {
  const { name, state, comparison, troubles, lines } = scenario;
  const mark = scenarioWords[state].padEnd(8);
  const head = `  ${name.padEnd(15)} ${/[A-Z]/.test(mark) ? style.bold(mark) : mark} ${outcome(scenario)}  log lines ${lines.first} to ${lines.last}`;
  if (!comparison || state === 'left-out')
    return [
      head,
      ...troubles.map(
        ({ text, line }) =>
          `    ${style.bold('KERNEL'.padEnd(14))} ${printable(text)}  log line ${line}`,
      ),
    ];
  // Where a kernel said something, the step at which it did is shown with it.
  const at = new Set(troubles.map(({ step }) => step));
  const steps = comparison.steps.flatMap((one, i) =>
    all || tellsSomething(one) || at.has(i) ? [i] : [],
  );
  const shown = {
    ...comparison,
    steps: steps.flatMap((i) => comparison.steps[i] ?? []),
    troubles: troubles.map((one) => ({
      ...one,
      step: one.step === null ? null : steps.indexOf(one.step),
    })),
  };
  return [head, ...bodyOf(shown, style)];
}

/** For people. @param all every step of every scenario, not only what differs */
export function renderStressText(report: StressReport, style: Style, all: boolean): string {
  const { module, hazards, unpredicted, scenarios } = report;
  return [
    `module ${style.bold(printable(module))}, stressed: ${totals(report)}`,
    '',
    style.bold('predicted hazards'),
    ...(hazards.length === 0
      ? ['  none']
      : hazards.flatMap((one) => hazardText(one, report, style))),
    '',
    style.bold('told by the kernel and not predicted'),
    ...(unpredicted.length === 0 ? ['  nothing'] : unpredicted.flatMap(unpredictedText)),
    '',
    style.bold('scenarios'),
    ...scenarios.flatMap((one) => scenarioText(one, style, all)),
    '',
  ].join('\n');
}

function hazardRow(hazard: PredictedHazard, report: StressReport, style: Style): string {
  const { finding, state } = hazard;
  const [first] = evidenceOf(hazard, report);
  const shown = first
    ? `${first.scenario}: ${inlineCode(first.trouble.text)} (log line ${first.trouble.line})`
    : markdownText(tried(hazard));
  const cells = [
    state === 'seen' ? '**seen**' : hazardWords[state],
    `${finding.severity} ${inlineCode(finding.rule)}`,
    markdownText(style.at(finding.place)),
    prose(finding.message),
    shown,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function scenarioMarkdown(scenario: StressedScenario, style: Style): string[] {
  const { name, state, comparison, troubles } = scenario;
  const isPlain = comparison === null || state === 'left-out';
  const below = isPlain
    ? troubles.map(({ text, line }) => `- **kernel**: ${inlineCode(text)} (log line ${line})`)
    : differencesMarkdown({ ...comparison, troubles }, style);
  return [
    `- ${inlineCode(name)}: ${scenarioWords[state].toLowerCase()}; ${markdownText(outcome(scenario))}`,
    ...below.map((line) => `  ${line}`),
  ];
}

/** For mails, issues and docs. */
export function renderStressMarkdown(report: StressReport, style: Style): string {
  const { module, hazards, unpredicted, scenarios } = report;
  return [
    `## ${inlineCode(module)}, stressed`,
    '',
    `${totals(report)}.`,
    '',
    ...(hazards.length === 0
      ? ['Nothing was predicted.', '']
      : [
          '| | finding | place | what | seen |',
          '|---|---|---|---|---|',
          ...hazards.map((one) => hazardRow(one, report, style)),
          '',
        ]),
    '### Told by the kernel and not predicted',
    '',
    ...(unpredicted.length === 0
      ? ['Nothing.']
      : unpredicted.map(({ trouble, scenario, times }) => {
          const stack = stackLine(trouble);
          const more = times > 1 ? `, ${times} times` : '';
          return `- ${inlineCode(trouble.text)} in ${inlineCode(scenario)}${more} (log line ${trouble.line})${stack === '' ? '' : `: ${inlineCode(stack)}`}`;
        })),
    '',
    '### Scenarios',
    '',
    ...scenarios.flatMap((one) => scenarioMarkdown(one, style)),
    '',
  ].join('\n');
}

/** For programs. */
export function renderStressJson({ hazards, scenarios, ...rest }: StressReport): string {
  const report = {
    version: 1,
    ...rest,
    hazards: hazards.map(({ finding, state, scenarios: names }) => ({
      state,
      fingerprint: finding.fingerprint,
      rule: finding.rule,
      severity: finding.severity,
      file: finding.place.file,
      line: finding.place.from.line + 1,
      message: finding.message,
      scenarios: names,
    })),
    scenarios: scenarios.map(({ comparison, ...one }) => ({
      ...one,
      comparison: comparison && (JSON.parse(renderLogJson(comparison)) as object),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
