/**
 * The `driver-teardown` program: the command line, with the language server as one of its verbs. One
 * bundle holds the engine once.
 */
import { isMainThread } from 'node:worker_threads';
import { runProgram } from './cli/main.ts';
import { compileSparingly } from './host/compiling.ts';

if (isMainThread) compileSparingly();
runProgram(() => import('./lsp/main.ts'));
