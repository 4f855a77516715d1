/**
 * The `driver-teardown` program: the command line, with the language server as one of its verbs. One
 * bundle holds the engine once.
 */
import { runProgram } from './cli/main.ts';

runProgram(() => import('./lsp/main.ts'));
