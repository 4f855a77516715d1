import { join } from 'node:path';
import { skip } from '../skip.ts';
import { checkSession, edit, lacking } from './session.ts';

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
