/** `check --format emacs`: one line for each place, as compilation-mode and flymake read them from gcc. */
import { printable } from '../../core/mail/quote.ts';
import type { Finding, Severity } from '../../core/result.ts';
import type { Gathered } from '../gather.ts';
import { at, type Names } from './names.ts';

const words: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** @param names compilation-mode resolves names from the folder that the program was started in */
export function renderEmacs(result: Gathered, names: Names): string {
  const lines = (finding: Finding): string[] => [
    `${at(finding.place, names)}: ${words[finding.severity]}: ${printable(finding.message)} [${finding.rule}]`,
    ...finding.chain.map((link) => `${at(link.place, names)}: note: ${printable(link.message)}`),
  ];
  return result.findings
    .flatMap(lines)
    .map((line) => `${line}\n`)
    .join('');
}
