/** What is in the bundles: only packages with a reason, and nothing that calls anywhere. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bundle, bundles } from '../../scripts/lib/bundled-packages.ts';

const root = join(import.meta.dirname, '../..');

/** Node's modules that reach other machines. */
const network =
  /^(?:node:)?(?:net|http|https|http2|tls|dgram|dns|dns\/promises|inspector|cluster)$/;

/** How an editor is listened to: a pipe or socket that it names. */
const transports = /node_modules\/vscode-(?:jsonrpc|languageclient|languageserver)\//;

describe('the bundles', function () {
  this.timeout(60_000);
  let made: readonly Bundle[];
  before(async () => {
    made = await bundles();
  });

  it('use the network only as the transport that an editor names', () => {
    const wrong = made.flatMap(({ name, meta }) =>
      Object.entries(meta.inputs).flatMap(([path, { imports }]) =>
        imports
          .filter((one) => one.external && network.test(one.path))
          .filter((one) => !(transports.test(path) && /^(?:node:)?net$/.test(one.path)))
          .map((one) => `${name}: ${path} imports ${one.path}`),
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it('call nothing that a browser or node would fetch with', () => {
    const form = /\b(?:fetch\(|XMLHttpRequest|WebSocket|EventSource\(|sendBeacon|importScripts)/g;
    for (const { name, text } of made) assert.deepEqual(text.match(form) ?? [], [], name);
  });

  it('hold only packages that are listed with their reason', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/notices.ts', '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
  });
});
