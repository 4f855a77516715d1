/** `check --format checkpatch`: as scripts/checkpatch.pl prints, for what reads that. */
import { printable, quotedName } from '../../core/mail/quote.ts';
import type { Finding, Severity } from '../../core/result.ts';
import type { Gathered } from '../gather.ts';

const words: Readonly<Record<Severity, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'CHECK',
  hint: 'CHECK',
};

/** @param lineOf the text of a line, from 0, as the finding was made on it */
export function renderCheckpatch(
  { findings, modules }: Gathered,
  quiet: boolean,
  lineOf: (file: string, line: number) => string | undefined,
): string {
  const block = (finding: Finding): string => {
    const { file, from } = finding.place;
    const line = from.line + 1;
    const text = lineOf(file, from.line);
    return [
      `${words[finding.severity]}: ${printable(finding.message)} [${finding.rule}]`,
      `#${line}: FILE: ${quotedName(file)}:${line}:`,
      ...(text === undefined ? [] : [`+${printable(text).replace(/\\t/g, '\t')}`]),
      '',
      '',
    ].join('\n');
  };
  const blocks = findings.map(block).join('');
  if (quiet) return blocks;
  const count = (word: string): number =>
    findings.filter(({ severity }) => words[severity] === word).length;
  const files = modules.reduce((sum, module) => sum + module.files, 0);
  return `${blocks}total: ${count('ERROR')} errors, ${count('WARNING')} warnings, ${count('CHECK')} checks, ${files} files checked\n`;
}
