/** A language client for benchmarks: it types as a person does, and measures how long answers take. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { memoryOf } from './measure.mjs';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(
  import.meta.url,
)('vscode-jsonrpc/node');

/** What is typed at the beginning of a body: a line of its own, then a call, key by key. */
const keys = ['\t\n', ...'foo(bar);'];

export class BenchClient {
  #child;
  #connection;
  #texts = new Map();

  /** A server of its own, started now. */
  static async start(cli, tree, cache) {
    const client = new BenchClient();
    client.#child = spawn(process.execPath, [cli, 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, DRIVER_TEARDOWN_CACHE: cache },
    });
    const { stdin, stdout } = client.#child;
    client.#connection = createMessageConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    client.#connection.onRequest(() => null);
    client.#connection.listen();
    await client.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(tree).href,
      capabilities: { textDocument: { diagnostic: {}, hover: {}, codeLens: {} } },
    });
    await client.#connection.sendNotification('initialized', {});
    return client;
  }

  async stop() {
    this.#connection.dispose();
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }

  get memory() {
    return memoryOf(this.#child.pid);
  }

  async open(file) {
    const uri = pathToFileURL(file).href;
    const text = readFileSync(file, 'utf8');
    this.#texts.set(uri, { version: 1, lines: text.split('\n') });
    const textDocument = { uri, languageId: 'c', version: 1, text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
    return uri;
  }

  /** The diagnostics of the present text: a server that sees it move on refuses, and is asked again. */
  async diagnostics(uri) {
    for (;;) {
      const answer = await this.request('textDocument/diagnostic', {
        textDocument: { uri },
      }).catch((error) => {
        // The document has changed, or the request was cancelled by the server.
        if (error.code === -32801 || error.code === -32802) return undefined;
        throw error;
      });
      if (answer) return answer;
    }
  }

  request(method, params) {
    return this.#connection.sendRequest(method, params);
  }

  /**
   * Types into bodies spread over the file, the last one first so that the others stay where they are.
   * @param after called with each edit's document and place, once its diagnostics are there
   * @returns how long each edit's diagnostics took, in ms
   */
  async type(uri, edits, bodies, after = async () => {}) {
    const document = this.#texts.get(uri);
    const { lines } = document;
    const places = bodiesOf(lines, bodies).reverse();
    const times = [];
    for (let i = 0; i < edits; i++) {
      const body = Math.floor((i * places.length) / edits);
      const first = Math.ceil((body * edits) / places.length);
      const key = keys[Math.min(i - first, keys.length - 1)];
      const line = places[body];
      const position = { line, character: i === first ? 0 : i - first };
      insert(lines, position, key);
      const from = performance.now();
      await this.#connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: ++document.version },
        contentChanges: [{ range: { start: position, end: position }, text: key }],
      });
      await this.diagnostics(uri);
      times.push(performance.now() - from);
      await after(uri, position);
    }
    return times;
  }
}

/** Keeps the lines as the server has them, so that another round finds the bodies again. */
function insert(lines, { line, character }, key) {
  const old = lines[line] ?? '';
  const text = `${old.slice(0, character)}${key}${old.slice(character)}`;
  lines.splice(line, 1, ...text.split('\n'));
}

/** The first lines of function bodies, spread evenly. */
function bodiesOf(lines, count) {
  const all = lines.flatMap((line, i) => (line === '{' ? [i + 1] : []));
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] ?? 1);
}
