/** The commands, run in this process. */
import { readArguments } from '../../server/src/cli/arguments.ts';
import { check } from '../../server/src/cli/commands/check.ts';
import { UsageError } from '../../server/src/cli/io.ts';
import { findAssets } from '../../server/src/host/assets.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `driver-teardown check WORDS` in a folder; whatever is thrown but wrong usage is thrown on. */
export async function checkIn(cwd: string, words: readonly string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    cwd,
    outIsTerminal: false,
    out: (data: string | Uint8Array) => void out.push(String(data)),
    stdin: () => Buffer.alloc(0),
    say: (line: string) => void err.push(line),
    progress: () => {},
  };
  let code = 2;
  try {
    code = await check(
      readArguments('check', ['--jobs', '1', ...words], false),
      findAssets(import.meta.dirname),
      io,
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.push(error.message);
  }
  return { code, out: out.join(''), err: err.join('\n') };
}

/** The findings of `--format json`. */
export function findingsOf({ out, err }: Said): string {
  if (out === '') throw new Error(`no report: ${err}`);
  return JSON.stringify((JSON.parse(out) as { readonly findings: unknown }).findings);
}
