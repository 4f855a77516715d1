/** Calls into another module, in the editor: the chain leads there, and edits there count. */
import assert from 'node:assert/strict';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { TemporaryFolder } from '../cli/support.ts';
import { lib, toy, treeOf } from '../support/two-modules.ts';
import { Client, modern } from './client.ts';

describe('lsp: calls into other modules', () => {
  let folder: TemporaryFolder;
  let client: Client;
  beforeEach(() => {
    folder = new TemporaryFolder().write(treeOf(lib));
    client = new Client(folder);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const pinned = async (uri: string): Promise<readonly Diagnostic[]> => {
    const report: DocumentDiagnosticReport = await client.request('textDocument/diagnostic', {
      textDocument: { uri },
    });
    const items = report.kind === 'full' ? report.items : [];
    return items.filter(({ code }) => code === 'drmm-releases-pinned-bo');
  };

  it('links lead into the other file, and its open text wins over the disk', async () => {
    await client.start(modern);
    const uri = client.uri('drivers/gpu/drm/toy/toy.c');
    const other = client.uri('drivers/gpu/drm/lib/lib.c');
    await client.open(uri, toy);
    const [found] = await pinned(uri);
    const link = found?.relatedInformation?.find(({ location }) => location.uri === other);
    assert.equal(link?.location.range.start.line, 23);
    // The last function of the library now unpins nothing.
    const at = lib.lastIndexOf('\tttm_bo_unpin');
    await client.open(
      other,
      `${lib.slice(0, at)}\tring->bo = NULL;\n}\n${lib.slice(lib.lastIndexOf('EXPORT_'))}`,
    );
    assert.deepEqual(await pinned(uri), []);
    assert.equal((await pinned(other)).length, 1);
  });
});
