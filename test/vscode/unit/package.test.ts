import assert from 'node:assert/strict';
import { unexpectedFiles } from '../../../scripts/lib/vsix.mjs';

describe('the check of the package', () => {
  const good = [
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/LICENSE.txt',
    'extension/SECURITY.md',
    'extension/THIRD-PARTY-NOTICES.md',
    'extension/package.json',
    'extension/readme.md',
    'extension/client/resources/driver-teardown.schema.json',
    'extension/client/resources/icon.png',
    'extension/client/resources/teardown.svg',
    'extension/client/walkthrough/open.md',
    'extension/l10n/bundle.l10n.de.json',
    'extension/package.nls.de.json',
    'extension/package.nls.json',
    'extension/sample/Makefile',
    'extension/dist/catalog/managed.json',
    'extension/dist/cli.cjs',
    'extension/dist/extension.cjs',
    'extension/dist/lifetimes.css',
    'extension/dist/lifetimes.js',
    'extension/dist/rules/drmm-releases-pinned-bo.md',
    'extension/dist/stress/hold.c',
    'extension/dist/stress/stress.sh',
    'extension/dist/server.cjs',
    'extension/dist/tree-sitter-c.wasm',
    'extension/dist/web-extension.cjs',
    'extension/dist/web-server.js',
    'extension/dist/web-tree-sitter.wasm',
  ];

  it('passes what runs', () => {
    assert.deepEqual(unexpectedFiles(good), []);
  });

  it('refuses sources, maps and what is missing', () => {
    const wrong = [...good, 'extension/client/src/extension.ts', 'extension/dist/server.cjs.map'];
    assert.equal(unexpectedFiles(wrong).length, 2);
    assert.equal(unexpectedFiles(good.filter((path) => !path.endsWith('.wasm'))).length, 2);
  });
});
