/** Helix with the two files that docs/editors.md gives, in a terminal that tmux keeps. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { skip } from '../skip.ts';
import { lacking } from './session.ts';

const root = join(import.meta.dirname, '../..');
/** Helix is `hx`; some distributions call it by its whole name. */
const names = ['hx', 'helix'];

/** What the page says under Helix: languages.toml, and from `[editor.lsp]` on config.toml. */
function documented(): { readonly languages: string; readonly config: string } {
  const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
  const [, text = ''] = /^## Helix\n[^]*?^```toml\n([^]*?)^```/m.exec(page) ?? [];
  const at = text.indexOf('[editor.lsp]');
  return { languages: text.slice(0, at), config: text.slice(at) };
}

describe('Helix', function () {
  this.timeout(120_000);
  let folder: string;
  let program: string;
  let file: string;

  before(function () {
    const found = names.find((name) => lacking(name, ['--version']) === undefined);
    const reason = found === undefined ? 'there is no hx' : lacking('tmux', ['-V']);
    if (found === undefined || reason !== undefined) return skip(this, reason ?? '');
    program = found;
    folder = mkdtempSync(join(tmpdir(), 'driver-teardown-helix-'));
    file = join(folder, 'sample/sample_gpu/sample_migrate.c');
    cpSync(join(root, 'sample'), join(folder, 'sample'), { recursive: true });
    mkdirSync(join(folder, 'helix'));
    mkdirSync(join(folder, 'bin'));
    const { languages, config } = documented();
    writeFileSync(join(folder, 'helix/languages.toml'), languages);
    writeFileSync(join(folder, 'helix/config.toml'), config);
    const server = join(folder, 'bin/driver-teardown');
    writeFileSync(server, `#!/bin/sh\nexec ${process.execPath} ${root}/dist/cli.cjs "$@"\n`);
    chmodSync(server, 0o755);
  });

  after(() => {
    if (folder === undefined) return;
    tmux('kill-server');
    rmSync(folder, { recursive: true, force: true });
  });

  function tmux(...args: string[]): string {
    const env = {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      TERM: 'xterm-256color',
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    };
    const all = ['-S', join(folder, 'tmux'), '-f', '/dev/null', ...args];
    return spawnSync('tmux', all, { encoding: 'utf8', env }).stdout;
  }

  /** The screen, when it shows what is waited for. */
  async function untilScreen(form: RegExp): Promise<string> {
    for (let tries = 0; ; tries++) {
      const screen = tmux('capture-pane', '-p');
      if (form.test(screen)) return screen;
      assert.ok(tries < 300, `waited in vain for ${form}:\n${screen}`);
      await sleep(100);
    }
  }

  it('shows the finding and the hints, applies a fix and saves the file', async () => {
    const before = readFileSync(file, 'utf8');
    tmux('new-session', '-d', '-x', '180', '-y', '50', `${program} ${file}`);
    await untilScreen(/● 1 /);
    tmux('send-keys', ']', 'd');
    const screen = await untilScreen(/drmm-releases-pinned-bo/);
    assert.match(screen, /sample_migrate_fini.* unpins/);
    await untilScreen(/drmm_add_action_or_reset.*; last put \d+\/\d+/);
    tmux('send-keys', 'Space', 'a');
    await untilScreen(/Convert to device-managed \(devm\): action and callback/);
    tmux('send-keys', 'Enter');
    await untilScreen(/devm_add_action_or_reset\(sdev->drm\.dev/);
    tmux('send-keys', ':w', 'Enter');
    await untilScreen(/written/);
    const expected = before
      .replace(
        'sample_migrate_fini(struct drm_device *drm, void *arg)',
        'sample_migrate_fini(void *arg)',
      )
      .replace('drmm_add_action_or_reset(&sdev->drm,', 'devm_add_action_or_reset(sdev->drm.dev,');
    assert.equal(readFileSync(file, 'utf8'), expected);
  });
});
