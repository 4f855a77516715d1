/** A client that writes all that it wants to know, and closes its end: it is answered before the server ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { programArguments, TemporaryFolder, toyDriver } from '../cli/support.ts';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: object;
}

const requests = 40;

function framed(messages: readonly Message[]): string {
  return messages
    .map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }))
    .map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    .join('');
}

describe('lsp: stdin that is closed behind a burst', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => folder.remove());

  const send = (
    last: readonly Message[],
  ): Promise<{ readonly code: number | null; readonly answers: readonly number[] }> => {
    const uri = pathToFileURL(folder.file('toy_ring.c')).href;
    const rootUri = pathToFileURL(folder.path).href;
    const asked = Array.from({ length: requests }, (_, i): Message => {
      const position = { line: i, character: 4 };
      return i % 2 === 0
        ? { id: i + 1, method: 'driverTeardown/order', params: { uri } }
        : { id: i + 1, method: 'textDocument/hover', params: { textDocument: { uri }, position } };
    });
    const child = spawn(process.execPath, [...programArguments(), 'lsp', '--stdio'], {
      cwd: folder.path,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const out: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stdin.end(
      framed([
        {
          id: 0,
          method: 'initialize',
          params: { processId: process.pid, rootUri, capabilities: {} },
        },
        { method: 'initialized', params: {} },
        ...asked,
        ...last,
      ]),
    );
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        const bodies = Buffer.concat(out)
          .toString()
          .split(/Content-Length: \d+\r\n\r\n/);
        const all = bodies.slice(1).map((body) => JSON.parse(body) as Partial<Message>);
        const answers = all.flatMap(({ id, method }) =>
          method === undefined && id !== undefined ? [id] : [],
        );
        resolve({ code, answers: answers.sort((a, b) => a - b) });
      });
    });
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const shutdown = { id: requests + 1, method: 'shutdown' };

  it('shutdown and exit: all is answered, and it ends with 0', async () => {
    const found = await send([shutdown, { method: 'exit' }]);
    assert.deepEqual(found, { code: 0, answers: numbers(requests + 2) });
  });

  it('shutdown alone: the same', async () => {
    assert.deepEqual(await send([shutdown]), { code: 0, answers: numbers(requests + 2) });
  });

  it('no shutdown: all is answered, and it ends with 1, as the protocol says', async () => {
    assert.deepEqual(await send([]), { code: 1, answers: numbers(requests + 1) });
  });
});
