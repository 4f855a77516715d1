/** Terminal colours, or none. */
import type { Severity } from '../../core/result.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  severity(severity: Severity): string;
}

const colors: Readonly<Record<Severity, string>> = {
  error: '31',
  warning: '33',
  info: '36',
  hint: '2',
};

export function styleFor(color: boolean): Style {
  const wrap = (code: string, text: string): string =>
    color ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: (text) => wrap('1', text),
    dim: (text) => wrap('2', text),
    severity: (severity) => wrap(`1;${colors[severity]}`, severity),
  };
}

/** `1 finding`, `2 findings`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
