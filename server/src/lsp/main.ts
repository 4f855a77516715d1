/** The language server as a program: stdio unless the client names another way. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { findAssets } from '../host/assets.ts';
import { compileSparingly } from '../host/compiling.ts';
import { describe } from './context.ts';
import { lifeCycle, refuse } from './life-cycle.ts';
import { serve } from './server.ts';
import { stdioConnection } from './stdio.ts';

// Until the first diagnostics nothing runs often enough to be worth optimizing at once.
compileSparingly('long');

const namesAnother = process.argv.some((word) => /^--(?:node-ipc|socket|pipe)\b/.test(word));
const connection = namesAnother
  ? createConnection(ProposedFeatures.all, { messageStrategy: lifeCycle() })
  : stdioConnection(lifeCycle());
refuse(connection);
process.on('uncaughtException', (error) =>
  connection.console.error(`unexpected: ${describe(error)}`),
);
process.on('unhandledRejection', (error) =>
  connection.console.error(`unexpected: ${describe(error)}`),
);
serve(connection, findAssets(import.meta.dirname));
