/** `check --format text`: for people, in the shape that compilers have taught editors to read. */
import { printable } from '../../core/mail/quote.ts';
import type { Finding, Fix, Problem, Severity } from '../../core/result.ts';
import type { Added, PatchFindings } from '../added.ts';
import type { Gathered } from '../gather.ts';
import { count, type Style } from './style.ts';

function fixLine(fix: Fix, style: Style): string {
  if (fix.safety === 'manual')
    return `    ${style.dim('no fix:')} ${printable(`${fix.title}: ${fix.reason ?? 'by hand'}`)}`;
  const notice = fix.notice === undefined ? '' : `; ${printable(fix.notice)}`;
  return `    ${style.dim('fix:')} ${printable(fix.title)} (--fix ${fix.id}, ${fix.safety}${notice})`;
}

function findingLines(finding: Finding, style: Style): string[] {
  const head = `${style.bold(style.at(finding.place))}: ${style.severity(finding.severity)}: ${printable(finding.message)} [${finding.rule}]`;
  const chain = finding.chain.map(
    (link) => `    ${style.at(link.place)}: ${printable(link.message)}`,
  );
  return [head, ...chain, ...finding.fixes.map((fix) => fixLine(fix, style))];
}

const order: readonly Severity[] = ['error', 'warning', 'info', 'hint'];
const words: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'hint',
};

/** `1 error, 2 warnings`, or that there is nothing. */
export function foundWords(findings: readonly Finding[]): string {
  const found = order.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [count(n, words[severity])];
  });
  return found.length === 0 ? 'no findings' : found.join(', ');
}

/** How many files and folders nothing is known of. */
export function leftOut(problems: readonly Problem[]): number {
  return new Set(problems.filter((one) => one.leftOut).map(({ file }) => file)).size;
}

/** One line that says how much was found in how much. */
export function summary(result: Gathered): string {
  const files = result.modules.reduce((sum, module) => sum + module.files, 0);
  const scope = `${count(result.modules.length, 'module')}, ${count(files, 'file')}`;
  const left = leftOut(result.problems);
  const rest = left === 0 ? '' : `; ${left} could not be analysed`;
  return `${foundWords(result.findings)} in ${scope}${rest}`;
}

export function findingBlocks(findings: readonly Finding[], style: Style): string[] {
  return findings.map((finding) => `${findingLines(finding, style).join('\n')}\n`);
}

/** Of a series each patch is told under its subject. */
function patchBlocks({ patch, findings }: PatchFindings, style: Style): string[] {
  const found = foundWords(findings);
  const head = `${style.bold(printable(patch.subject ?? 'a patch without a subject'))}: ${found}\n`;
  return [head, ...findingBlocks(findings, style)];
}

export function renderText(result: Added, style: Style, quiet: boolean): string {
  const { patches = [] } = result;
  const blocks =
    patches.length > 1
      ? patches.flatMap((one) => patchBlocks(one, style))
      : findingBlocks(result.findings, style);
  const text = blocks.join('\n');
  if (quiet) return text;
  return `${text}${text === '' ? '' : '\n'}${summary(result)}\n`;
}
