/**
 * `driver-teardown mcp`: the commands as tools of the Model Context Protocol. The protocol is a program
 * of its own and is loaded by name, so that the other commands do not carry it.
 */
import { Buffer } from 'node:buffer';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Assets } from '../../host/assets.ts';
import type * as Mcp from '../../mcp/main.ts';
import { type Io, UsageError } from '../io.ts';

/** Runs a command line on streams that are kept. */
async function runKept(
  perform: (words: readonly string[], io: Io) => Promise<number>,
  words: readonly string[],
  cwd: string,
  input: string,
): Promise<Mcp.Outcome> {
  const out: Buffer[] = [];
  const err: string[] = [];
  const io: Io = {
    cwd: resolve(cwd),
    stdin: () => Buffer.from(input),
    out: (data) => void out.push(Buffer.from(data)),
    say: (line) => void err.push(`${line}\n`),
    progress: () => {},
    outIsTerminal: false,
  };
  const done = (code: number): Mcp.Outcome => ({
    code,
    out: Buffer.concat(out).toString('utf8'),
    err: err.join(''),
  });
  try {
    return done(await perform(words, io));
  } catch (error) {
    // What is no usage error is a fault of ours, and is said as such: the server goes on.
    io.say(
      error instanceof UsageError ? error.message : `internal error: ${(error as Error).message}`,
    );
    return done(error instanceof UsageError ? 2 : 3);
  }
}

/** @returns when the client has gone */
export async function mcp(
  assets: Assets,
  perform: (words: readonly string[], io: Io) => Promise<number>,
): Promise<number> {
  const { serve } = (await import(pathToFileURL(assets.mcp).href)) as typeof Mcp;
  await serve(assets.version, (words, cwd, input) => runKept(perform, words, cwd, input));
  return 0;
}
