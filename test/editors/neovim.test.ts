import assert from 'node:assert/strict';
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
});
