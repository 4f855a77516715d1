/** `order --log`: what a kernel's log says of the predicted order. */
import { printable } from '../../core/mail/quote.ts';
import type {
  ComparedStep,
  LogComparison,
  LogState,
  Shown,
} from '../../core/teardown/log-compare.ts';
import { timelineTitles } from '../timelines.ts';
import { inlineCode, markdownText } from './markdown.ts';
import { count, type Style } from './style.ts';

const marks: Readonly<Record<LogState, string>> = {
  'in-order': 'ran',
  'out-of-order': 'OUT OF ORDER',
  'never-ran': 'NEVER RAN',
  'not-registered': 'NOT REGISTERED',
  'not-reached': 'not reached',
  'not-taken': 'not taken',
  unpredicted: 'NOT PREDICTED',
  'not-logged': '(not logged)',
};

function stepLine({ state, step, logged }: ComparedStep, style: Style): string {
  const name = step?.action ?? logged?.name ?? '';
  const phase = step?.phase ?? '';
  const also = logged && step && logged.name !== name ? ` as ${logged.name}` : '';
  const line = logged ? `  log line ${logged.line}${also}` : '';
  const where = step ? `  ${style.dim(style.at(step.registered.place))}` : '';
  const differs = /[A-Z]/.test(marks[state]);
  const mark = marks[state].padEnd(14);
  return `    ${differs ? style.bold(mark) : mark} ${phase.padEnd(8)} ${name}${line}${where}`;
}

export function titleOf({ timeline, after }: Shown): string {
  return after === null ? timelineTitles[timeline] : `${timelineTitles[timeline]} after ${after}`;
}

/** So many that fit as well are named. */
const maximumAlike = 3;

/** What the log leaves open, in one line. */
function alikeLine({ alsoFits }: LogComparison): string[] {
  if (alsoFits.length === 0) return [];
  const named = alsoFits.slice(0, maximumAlike).map(titleOf);
  const more = alsoFits.length - named.length;
  return [
    `  the log does not tell this from: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  ];
}

/** The steps with what the kernel found wrong at each. */
export function bodyOf({ steps, troubles }: LogComparison, style: Style): string[] {
  const told = (at: number | null) =>
    troubles
      .filter(({ step }) => step === at)
      .map(
        ({ text, line }) =>
          `    ${style.bold('KERNEL'.padEnd(14))} ${printable(text)}  log line ${line}`,
      );
  return [...told(null), ...steps.flatMap((step, at) => [stepLine(step, style), ...told(at)])];
}

/** Of what there is only sometimes, when there is some. */
function rest({ counts, troubles }: LogComparison): string {
  return [
    [counts['not-registered'], 'never registered'],
    [counts['not-reached'], 'not reached'],
    [troubles.length, 'told wrong by the kernel'],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, what]) => `, ${n} ${what}`)
    .join('');
}

/** In one line. */
export function summaryOf(comparison: LogComparison): string {
  const { counts } = comparison;
  return `${count(counts['in-order'], 'step')} ran as predicted, ${counts['out-of-order']} out of order, ${counts['never-ran']} never ran, ${counts.unpredicted} not predicted${rest(comparison)}`;
}

/** Steps that are worth a line where the others are folded. */
export function tellsSomething({ state }: ComparedStep): boolean {
  return !['in-order', 'not-taken', 'not-logged'].includes(state);
}

/** For mails and issues: what differs and what the kernel found wrong, under a summary. */
export function renderLogMarkdown(comparison: LogComparison, style: Style): string {
  const device = comparison.device === '' ? '' : ` of ${inlineCode(comparison.device)}`;
  return [
    `## ${inlineCode(comparison.module)}: teardown in a kernel's log`,
    '',
    `${inlineCode(comparison.entry)}: ${titleOf(comparison)}${device}. ${summaryOf(comparison)}.`,
    '',
    ...comparison.notes.map((note) => `- note: ${markdownText(note)}`),
    ...differencesMarkdown(comparison, style),
    '',
  ].join('\n');
}

/** A bullet for each step that differs, and for each thing that the kernel found wrong at its step. */
export function differencesMarkdown({ steps, troubles }: LogComparison, style: Style): string[] {
  const wrong = (at: number | null) =>
    troubles
      .filter(({ step }) => step === at)
      .map(({ text, line }) => {
        const step = at === null ? null : steps[at];
        const name = step?.step?.action ?? step?.logged?.name;
        const where = name === undefined ? '' : ` at ${inlineCode(name)}`;
        return `- **kernel**${where}: ${inlineCode(text)} (log line ${line})`;
      });
  return [
    ...wrong(null),
    ...steps.flatMap((one, at) => [
      ...(tellsSomething(one) ? [`- ${differenceMarkdown(one, style)}`] : []),
      ...wrong(at),
    ]),
  ];
}

function differenceMarkdown({ state, step, logged }: ComparedStep, style: Style): string {
  const name = inlineCode(step?.action ?? logged?.name ?? '');
  const line = logged ? ` (log line ${logged.line})` : '';
  const where = step ? `, ${markdownText(style.at(step.registered.place))}` : '';
  return `**${marks[state].toLowerCase()}**: ${name}${line}${where}`;
}

/** For people: a line per step, in the order in which things ran, and a summary. */
export function renderLogText(comparison: LogComparison, style: Style): string {
  const { lines } = comparison;
  const device = comparison.device === '' ? '' : ` of ${comparison.device}`;
  return [
    `module ${style.bold(comparison.module)}`,
    '',
    `${style.bold(comparison.entry)}: ${titleOf(comparison)}${device}, log lines ${lines.first} to ${lines.last}`,
    ...comparison.evidence.map((reason) => `  ${reason}`),
    ...alikeLine(comparison),
    ...comparison.notes.map((note) => `  note: ${note}`),
    ...bodyOf(comparison, style),
    '',
    summaryOf(comparison),
    '',
  ].join('\n');
}

/** For programs: the comparison as it is, with lines and columns from 1. */
export function renderLogJson(comparison: LogComparison): string {
  const steps = comparison.steps.map(({ state, step, logged }) => ({
    state,
    phase: step?.phase ?? null,
    action: step?.action ?? logged?.name ?? null,
    argument: step?.argument ?? null,
    registered: step && {
      file: step.registered.place.file,
      line: step.registered.place.from.line + 1,
      function: step.registered.function,
    },
    logged,
  }));
  return `${JSON.stringify({ version: 1, ...comparison, steps }, null, 2)}\n`;
}
