import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { checkSession, edit, lacking } from './session.ts';

describe('Neovim', function () {
  this.timeout(90_000);

  before(function () {
    const reason = lacking('nvim', ['--version']);
    if (reason !== undefined) skip(this, reason);
  });

  it('shows the finding, applies the conversion and saves the file', () => {
    const script = join(import.meta.dirname, 'neovim.lua');
    const args = ['--headless', '--clean', '-u', 'NONE', '-n', '-c', `luafile ${script}`];
    const session = edit('nvim', args);
    checkSession(session);
    assert.deepEqual(session.said.get('source'), ['driver-teardown']);
    assert.deepEqual(session.said.get('code'), ['drmm-releases-pinned-bo']);
  });

  it('shows the finding with nothing but what docs/editors.md says', () => {
    const root = join(import.meta.dirname, '../..');
    const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
    const [, init = ''] = /^```lua\n(local client\n[^]*?)^```/m.exec(page) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-neovim-'));
    try {
      const program = join(folder, 'driver-teardown');
      writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${root}/dist/cli.cjs "$@"\n`);
      chmodSync(program, 0o755);
      writeFileSync(join(folder, 'init.lua'), init);
      const wait = 'vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)';
      const say = "io.stdout:write('found: ' .. vim.diagnostic.get(0)[1].message .. '\\n')";
      const args = ['--headless', '-n', '-u', join(folder, 'init.lua')];
      const { said } = edit(
        'nvim',
        [...args, 'sample_gpu/sample_migrate.c', '-c', `lua ${wait} ${say}`, '-c', 'qall!'],
        { PATH: `${folder}:${process.env['PATH']}` },
      );
      assert.match(said.get('found')?.[0] ?? '', /sample_migrate_fini.* unpins/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
