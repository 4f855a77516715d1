/** The command line: picks the verb, runs it, turns errors into one line and a code. */
import { isMainThread } from 'node:worker_threads';
import { answerAsWorker } from '../host/answer-worker.ts';
import { type Assets, findAssets } from '../host/assets.ts';
import { compileSparingly } from '../host/compiling.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { check } from './commands/check.ts';
import { explain } from './commands/explain.ts';
import { fix } from './commands/fix.ts';
import { lsp } from './commands/lsp.ts';
import { mcp } from './commands/mcp.ts';
import { merge } from './commands/merge.ts';
import { order } from './commands/order.ts';
import { rules } from './commands/rules.ts';
import { stress } from './commands/stress.ts';
import { isCompilerForm } from './compiler-words.ts';
import { helpOf, usage } from './help.ts';
import { type Io, processIo, UsageError } from './io.ts';
import { type Verb, verbs } from './options.ts';

/** Loads the language server, which takes over the process. */
export type Serve = () => Promise<unknown>;

async function perform(
  args: Arguments,
  { assets, io, serve }: { readonly assets: Assets; readonly io: Io; readonly serve: Serve },
): Promise<number> {
  switch (args.verb) {
    case 'check':
      return check(args, assets, io);
    case 'merge':
      return merge(args, io);
    case 'fix':
      return fix(args, assets, io);
    case 'order':
      return order(args, assets, io);
    case 'stress':
      return stress(args, assets, io);
    case 'explain':
      return explain(args, assets, io);
    case 'rules':
      return rules(args, io);
    case 'lsp':
      return lsp(serve);
    case 'mcp':
      return mcp(assets, (words, other) => run(words, assets, other, serve));
  }
}

async function run(
  words: readonly string[],
  assets: Assets,
  io: Io,
  serve: Serve,
): Promise<number> {
  const [first, ...rest] = words;
  if (first === '--version') {
    io.out(`driver-teardown ${assets.version}\n`);
    return 0;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    if (first === undefined) throw new UsageError(`no command given\n\n${usage.trimEnd()}`);
    io.out(usage);
    return 0;
  }
  const isBuild = !verbs.some((known) => known === first) && isCompilerForm(words);
  const verb = isBuild ? 'check' : verbs.find((known): known is Verb => known === first);
  if (verb === undefined)
    throw new UsageError(
      `no command ${first} (one of ${verbs.join(', ')}; see driver-teardown --help)`,
    );
  const args = readArguments(verb, isBuild ? words : rest, io.outIsTerminal);
  if (args.help) io.out(helpOf(verb));
  else if (args.version) io.out(`driver-teardown ${assets.version}\n`);
  else return perform(args, { assets, io, serve });
  return 0;
}

/** What to report when the fault is ours. */
function internalError(error: unknown, version: string): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  const places = (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .map((line) => line.trim());
  return [
    `driver-teardown: internal error: ${message}`,
    'please report this with the command, the file it was given, and these lines:',
    `  driver-teardown ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    ...places.map((place) => `  ${place}`),
  ].join('\n');
}

async function main(serve: Serve): Promise<void> {
  const io = processIo();
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 3),
  );
  let version = '';
  try {
    const assets = findAssets(import.meta.dirname);
    version = assets.version;
    process.exitCode = await run(process.argv.slice(2), assets, io, serve);
  } catch (error) {
    if (error instanceof UsageError) {
      io.say(`driver-teardown: ${error.message}`);
      process.exitCode = 2;
      return;
    }
    io.say(internalError(error, version));
    process.exitCode = 3;
  }
}

/**
 * Runs the command that the arguments name. The program is its own worker, too.
 * @param serve loads the language server
 */
export function runProgram(serve: Serve): void {
  if (!isMainThread) {
    void answerAsWorker();
    return;
  }
  const lasts = ['lsp', 'mcp'].includes(process.argv[2] ?? '');
  compileSparingly(lasts ? 'long' : 'one run');
  void main(serve);
}
