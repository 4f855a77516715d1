/** A language server as clangd is to ours: another one, with a diagnostic of its own. */
let rest = Buffer.alloc(0);

function send(message) {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function take({ id, method, params }) {
  if (method === 'initialize') send({ id, result: { capabilities: { textDocumentSync: 1 } } });
  else if (method === 'exit') process.exit(0);
  else if (id !== undefined) send({ id, result: null });
  if (method !== 'textDocument/didOpen') return;
  const start = { line: 0, character: 0 };
  const range = { start, end: { line: 0, character: 2 } };
  const diagnostics = [{ range, severity: 2, source: 'other', message: 'said by the other server' }];
  const { uri } = params.textDocument;
  send({ method: 'textDocument/publishDiagnostics', params: { uri, diagnostics } });
}

process.stdin.on('data', (bytes) => {
  rest = Buffer.concat([rest, bytes]);
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, end))?.[1]);
    if (end < 0 || rest.length < end + 4 + length) return;
    take(JSON.parse(rest.toString('utf8', end + 4, end + 4 + length)));
    rest = rest.subarray(end + 4 + length);
  }
});
