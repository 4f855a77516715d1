import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

  it('has the findings beside those of another server, as docs/editors.md shows it', () => {
    const root = join(import.meta.dirname, '../..');
    const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
    const [, snippet = ''] =
      /^```elisp\n(\(defvar-local driver-teardown-process[^]*?)^```/m.exec(page) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-beside-'));
    try {
      writeFileSync(join(folder, 'snippet.el'), snippet);
      const program = join(folder, 'driver-teardown');
      writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${root}/dist/cli.cjs "$@"\n`);
      chmodSync(program, 0o755);
      const script = join(import.meta.dirname, 'emacs-beside.el');
      const { said, before } = edit('emacs', ['--batch', '-l', script], {
        LSP_SNIPPET: join(folder, 'snippet.el'),
        LSP_OTHER: join(import.meta.dirname, 'other-server.mjs'),
        PATH: `${folder}:${process.env['PATH']}`,
      });
      assert.deepEqual(said.get('done'), ['true'], JSON.stringify([...said]));
      const line = before.split('\n').findIndex((text) => /drmm_add_action/.test(text)) + 1;
      const [other, ours, ...more] = [...(said.get('found') ?? [])].sort();
      assert.match(other ?? '', /^1 .*said by the other server/);
      assert.match(
        ours ?? '',
        new RegExp(`^${line} .*sample_migrate_fini.*\\[drmm-releases-pinned-bo\\]$`),
      );
      assert.deepEqual(more, []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('does the same in c-ts-mode', function () {
    // A grammar that Emacs does not find by itself is named: no package has it everywhere.
    const grammars = process.env['LSP_GRAMMARS'];
    const folders = grammars === undefined ? '' : `(setq treesit-extra-load-path '("${grammars}"))`;
    const probe = `(progn (require 'treesit) ${folders} (unless (treesit-ready-p 'c t) (kill-emacs 1)))`;
    const reason = lacking('emacs', ['--batch', '--eval', probe]);
    if (reason !== undefined) skip(this, 'an Emacs with the tree-sitter grammar of C is missing');
    const script = join(import.meta.dirname, 'emacs.el');
    checkSession(edit('emacs', ['--batch', '-l', script], { LSP_MODE: 'c-ts-mode' }));
  });
});
