/** `check --format github`: workflow commands, which GitHub shows as annotations of a pull request. */
import { printable, quotedName } from '../../core/mail/quote.ts';
import type { Finding, Severity } from '../../core/result.ts';
import type { Gathered } from '../gather.ts';
import type { Names } from './names.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

function line(finding: Finding, names: Names): string {
  const { file, from, to } = finding.place;
  const chain = finding.chain
    .map(
      (link) =>
        `\n${quotedName(names(link.place.file))}:${link.place.from.line + 1}: ${printable(link.message)}`,
    )
    .join('');
  const where = [
    `file=${property(printable(names(file)))}`,
    `line=${from.line + 1}`,
    `endLine=${to.line + 1}`,
    // GitHub takes columns only when the range stays on one line.
    ...(from.line === to.line
      ? [`col=${from.character + 1}`, `endColumn=${to.character + 1}`]
      : []),
    `title=${property(finding.rule)}`,
  ];
  return `::${commands[finding.severity]} ${where.join(',')}::${data(printable(finding.message) + chain)}`;
}

/** @param names GitHub resolves them from the top of the repository, where its jobs run */
export function renderGithub(result: Gathered, names: Names): string {
  return result.findings.map((finding) => `${line(finding, names)}\n`).join('');
}
