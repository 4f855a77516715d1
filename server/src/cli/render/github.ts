/** `check --format github`: workflow commands, which GitHub shows as annotations of a pull request. */
import { printable, quotedName } from '../../core/mail/quote.ts';
import type { Finding, Severity } from '../../core/result.ts';
import type { Gathered } from '../gather.ts';

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

function line(finding: Finding): string {
  const { file, from, to } = finding.place;
  const chain = finding.chain
    .map(
      (link) =>
        `\n${quotedName(link.place.file)}:${link.place.from.line + 1}: ${printable(link.message)}`,
    )
    .join('');
  const where = [
    `file=${property(printable(file))}`,
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

export function renderGithub(result: Gathered): string {
  return result.findings.map((finding) => `${line(finding)}\n`).join('');
}
