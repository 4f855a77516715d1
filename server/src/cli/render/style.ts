/** Text for people: with the terminal's colours or none, and files by the names that open from here. */
import type { Place, Severity } from '../../core/result.ts';
import { asReported, at, type Names } from './names.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  severity(severity: Severity): string;
  /** A place as it opens from where the user stands. */
  at(place: Place): string;
}

const colors: Readonly<Record<Severity, string>> = {
  error: '31',
  warning: '33',
  info: '36',
  hint: '2',
};

/** @param names how files are called; as in reports where nobody opens them */
export function styleFor(color: boolean, names: Names = asReported): Style {
  const wrap = (code: string, text: string): string =>
    color ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: (text) => wrap('1', text),
    dim: (text) => wrap('2', text),
    at: (place) => at(place, names),
    severity: (severity) => wrap(`1;${colors[severity]}`, severity),
  };
}

/** `1 finding`, `2 findings`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
