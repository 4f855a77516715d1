/**
 * The language server in a worker of a browser. The first message brings what the worker cannot read by itself; all
 * that follow are the protocol's.
 */
import { catalog, pages, version } from 'driver-teardown:data';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
} from 'vscode-languageserver/browser';
import type { Assets } from '../host/assets.ts';
import { describe } from '../lsp/context.ts';
import { type FilesResult, filesRequest, type WorkerStart } from '../lsp/protocol.ts';
import { serve } from '../lsp/server.ts';
import { BroughtFiles } from './arrivals.ts';
import { files } from './node/fs.ts';
import { pathOf } from './uris.ts';

/** Where the program's own files stand among the others: no URI leads there. */
const own = '/driver-teardown';

function assetsFrom({ rules, grammar, runtime }: WorkerStart): Assets {
  const bytes = new TextEncoder();
  const pagesAt = pathOf(rules) ?? own;
  for (const [name, text] of Object.entries(catalog))
    files.put(`${own}/catalog/${name}`, bytes.encode(text));
  for (const name of pages) files.put(`${pagesAt}/${name}`, new Uint8Array());
  files.put(`${own}/tree-sitter-c.wasm`, grammar);
  files.put(`${own}/web-tree-sitter.wasm`, runtime);
  return {
    version,
    homepage: undefined,
    grammar: `${own}/tree-sitter-c.wasm`,
    runtime: `${own}/web-tree-sitter.wasm`,
    catalog: `${own}/catalog`,
    rules: pagesAt,
    stress: own,
    worker: { file: '', execArgv: [] },
    mcp: '',
    engine: [],
  };
}

function start(data: WorkerStart): void {
  const connection = createConnection(
    new BrowserMessageReader(self),
    new BrowserMessageWriter(self),
  );
  const complain = (error: unknown): void =>
    connection.console.error(`unexpected: ${describe(error)}`);
  self.addEventListener('error', ({ error }) => complain(error));
  self.addEventListener('unhandledrejection', ({ reason }) => complain(reason));
  const arrivals = new BroughtFiles(
    files,
    (params) => connection.sendRequest<FilesResult>(filesRequest, params),
    (message) => connection.console.warn(message),
  );
  serve(connection, assetsFrom(data), arrivals);
}

self.onmessage = ({ data }): void => {
  self.onmessage = null;
  start(data);
};
