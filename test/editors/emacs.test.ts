import assert from 'node:assert/strict';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { checkSession, edit, lacking } from './session.ts';

describe('Emacs with lsp-mode', function () {
  this.timeout(90_000);

  before(function () {
    const reason =
      lacking('emacs', ['--version']) ??
      lacking('emacs', ['--batch', '--eval', "(require 'lsp-mode)"]);
    if (reason !== undefined) skip(this, reason);
  });

  it('shows the finding, applies the conversion and saves the file', () => {
    const session = edit('emacs', ['--batch', '-l', join(import.meta.dirname, 'lsp-mode.el')]);
    assert.deepEqual(session.said.get('done'), ['true']);
    assert.deepEqual(session.said.get('diagnostics'), ['1']);
    assert.match(session.said.get('message')?.[0] ?? '', /sample_migrate_fini/);
    assert.match(session.after, /devm_add_action_or_reset\(sdev->drm\.dev, sample_migrate_fini/);
  });
});

describe('Emacs with Eglot', function () {
  this.timeout(90_000);

  before(function () {
    const reason =
      lacking('emacs', ['--version']) ??
      lacking('emacs', ['--batch', '--eval', "(require 'eglot)"]);
    if (reason !== undefined) skip(this, reason);
  });

  it('shows the finding, applies the conversion and saves the file', () => {
    // Not -Q: it is the site's start file that puts Debian's elpa packages on the load path.
    checkSession(edit('emacs', ['--batch', '-l', join(import.meta.dirname, 'emacs.el')]));
  });
});
