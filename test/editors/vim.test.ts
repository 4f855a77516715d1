import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { edit, lacking } from './session.ts';

/** Where Debian's package puts it. */
const ale = '/usr/share/vim-ale';

describe('Vim with ALE', function () {
  this.timeout(90_000);

  before(function () {
    const reason =
      lacking('vim', ['--version']) ??
      (existsSync(join(ale, 'plugin/ale.vim')) ? undefined : `no ALE in ${ale}`);
    if (reason !== undefined) skip(this, reason);
  });

  it('shows the finding, applies the conversion and saves the file', () => {
    const script = join(import.meta.dirname, 'vim-ale.vim');
    const { said, before, after } = edit('vim', ['-es', '-N', '-u', script], {
      LSP_ALE: ale,
      LSP_TITLE: 'Convert to device-managed (devm): action and callback, the memory stays drmm',
    });
    assert.deepEqual(said.get('done'), ['true'], JSON.stringify([...said]));
    assert.deepEqual(said.get('diagnostics'), ['1']);
    assert.match(said.get('message')?.[0] ?? '', /sample_migrate_fini/);
    const expected = before
      .replace(
        'sample_migrate_fini(struct drm_device *drm, void *arg)',
        'sample_migrate_fini(void *arg)',
      )
      .replace('drmm_add_action_or_reset(&sdev->drm,', 'devm_add_action_or_reset(sdev->drm.dev,');
    assert.equal(after, expected);
  });
});
