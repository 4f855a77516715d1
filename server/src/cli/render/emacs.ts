/** `check --format emacs`: one line for each place, as compilation-mode and flymake read them from gcc. */
import { join, relative } from 'node:path';
import { printable, quotedName } from '../../core/mail/quote.ts';
import type { Finding, Place, Severity } from '../../core/result.ts';
import type { Gathered } from '../gather.ts';

const words: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** @param cwd compilation-mode resolves names from the folder that the program was started in */
export function renderEmacs(result: Gathered, cwd: string): string {
  const at = (place: Place): string => {
    const name = relative(cwd, join(result.root, place.file));
    return `${quotedName(name)}:${place.from.line + 1}:${place.from.character + 1}`;
  };
  const lines = (finding: Finding): string[] => [
    `${at(finding.place)}: ${words[finding.severity]}: ${printable(finding.message)} [${finding.rule}]`,
    ...finding.chain.map((link) => `${at(link.place)}: note: ${printable(link.message)}`),
  ];
  return result.findings
    .flatMap(lines)
    .map((line) => `${line}\n`)
    .join('');
}
