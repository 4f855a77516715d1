/** The language server as a program: stdio unless the client names another way. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { findAssets } from '../host/assets.ts';
import { compileSparingly } from '../host/compiling.ts';
import { describe } from './context.ts';
import { lifeCycle, refuse } from './life-cycle.ts';
import { serve } from './server.ts';

// Until the first diagnostics nothing runs often enough to be worth optimizing at once.
compileSparingly('long');

const namesTransport = process.argv.some((word) =>
  /^--(?:node-ipc|socket|pipe|stdio)\b/.test(word),
);
if (!namesTransport) process.argv.push('--stdio');

const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifeCycle() });
refuse(connection);
process.on('uncaughtException', (error) =>
  connection.console.error(`unexpected: ${describe(error)}`),
);
process.on('unhandledRejection', (error) =>
  connection.console.error(`unexpected: ${describe(error)}`),
);
serve(connection, findAssets(import.meta.dirname));
