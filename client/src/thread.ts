/**
 * The server of a browser's worker in a thread of node's: for what is open on a desktop and lies on no disk, such as a
 * repository that is looked at where it is hosted.
 */
import { Worker } from 'node:worker_threads';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver-protocol/node';
import type { WorkerStart } from '../../server/src/lsp/protocol.ts';

/** What a browser's worker has and a thread of node's calls otherwise. */
const asInBrowser = `
const { parentPort } = require('node:worker_threads');
globalThis.self = {
  onmessage: null,
  postMessage: (message) => parentPort.postMessage(message),
  addEventListener: () => undefined,
};
parentPort.on('message', (data) => self.onmessage({ data }));
`;

class FromThread extends AbstractMessageReader {
  readonly #thread: Worker;

  constructor(thread: Worker) {
    super();
    this.#thread = thread;
    thread.on('error', (error: Error) => this.fireError(error));
    thread.on('exit', () => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    this.#thread.on('message', callback);
    return { dispose: () => void this.#thread.off('message', callback) };
  }
}

class ToThread extends AbstractMessageWriter {
  readonly #thread: Worker;

  constructor(thread: Worker) {
    super();
    this.#thread = thread;
  }

  async write(message: Message): Promise<void> {
    this.#thread.postMessage(message);
  }

  /** The connection is over, and with it the server. */
  end(): void {
    void this.#thread.terminate();
  }

  override dispose(): void {
    super.dispose();
    this.end();
  }
}

export interface ServerThread {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/**
 * @param script the text of dist/web-server.js
 * @param start what it is sent first
 */
export function startThread(script: string, start: WorkerStart): ServerThread {
  const thread = new Worker(`${asInBrowser}${script}`, { eval: true });
  thread.postMessage(start);
  return { reader: new FromThread(thread), writer: new ToThread(thread) };
}
