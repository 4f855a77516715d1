/** The program's streams as its commands see them: bytes out, lines to the side, colour or not. */

import { printable } from '../core/mail/quote.ts';
import { type Failure, readNamed } from '../host/disk.ts';

/** Wrong usage or unusable input that was named explicitly: one line, exit 2. */
export class UsageError extends Error {}

export interface Io {
  readonly cwd: string;
  /** Results. Nothing else goes here. */
  out(data: string | Uint8Array): void;
  /** All of stdin, for `-` as the name of a file. */
  stdin(): Buffer | Failure;
  /** A line for people: what was wrong, what was skipped, what was done. */
  say(line: string): void;
  /** Shows a passing line when a person is watching; an empty text removes it. */
  progress(text: string): void;
  readonly outIsTerminal: boolean;
}

/** The real streams. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    cwd: process.cwd(),
    outIsTerminal: stdout.isTTY === true,
    stdin: () => readNamed('-'),
    out: (data) => {
      clear();
      stdout.write(data);
    },
    say: (line) => {
      clear();
      stderr.write(`${line.split('\n').map(printable).join('\n')}\n`);
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return;
      clear();
      if (text === '') return;
      stderr.write(text);
      shown = true;
    },
  };
}
