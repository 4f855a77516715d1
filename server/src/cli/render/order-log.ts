/** `order --log`: what a kernel's log says of the predicted order. */
import type {
  ComparedStep,
  LogComparison,
  LogState,
  Shown,
  Trouble,
} from '../../core/teardown/log-compare.ts';
import { timelineTitles } from '../timelines.ts';
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

function titleOf({ timeline, after }: Shown): string {
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

/** The steps with what the kernel found wrong where it said so: behind the last release that stands above it. */
function bodyOf({ steps, troubles }: LogComparison, style: Style): string[] {
  const waiting = [...troubles];
  const out: string[] = [];
  const tell = (until: number): void => {
    while (waiting[0] !== undefined && waiting[0].line < until) {
      const { text, line } = waiting.shift() as Trouble;
      out.push(`    ${style.bold('KERNEL'.padEnd(14))} ${text.trim()}  log line ${line}`);
    }
  };
  for (const step of steps) {
    if (step.logged) tell(step.logged.line);
    out.push(stepLine(step, style));
  }
  tell(Number.POSITIVE_INFINITY);
  return out;
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

/** For people: a line per step, in the order in which things ran, and a summary. */
export function renderLogText(comparison: LogComparison, style: Style): string {
  const { counts, lines } = comparison;
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
    `${count(counts['in-order'], 'step')} ran as predicted, ${counts['out-of-order']} out of order, ${counts['never-ran']} never ran, ${counts.unpredicted} not predicted${rest(comparison)}`,
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
