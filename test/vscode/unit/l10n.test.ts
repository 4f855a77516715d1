/** What the client says is translated, and a report of a false alarm gives nothing away. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { falseAlarm } from '../../../client/src/false-alarm.ts';

const root = join(import.meta.dirname, '../../..');

describe('l10n', () => {
  it('the manifest says nothing in one language alone', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/nls.ts', '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
  });

  it('every message of the client has German with the same gaps, and none is left over', () => {
    const german = JSON.parse(
      readFileSync(join(root, 'l10n/bundle.l10n.de.json'), 'utf8'),
    ) as Readonly<Record<string, string>>;
    const sources = readdirSync(join(root, 'client/src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, 'client/src', name), 'utf8'));
    const said = new Set(
      sources.flatMap((text) =>
        [...text.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, message = '']) => message),
      ),
    );
    assert.ok(said.size > 30);
    assert.deepEqual(Object.keys(german).sort(), [...said].sort());
    for (const [message, text] of Object.entries(german))
      assert.deepEqual(text.match(/\{\d\}/g)?.sort(), message.match(/\{\d\}/g)?.sort(), message);
  });

  it('shows no message to the user that is not translated', () => {
    const plain = readdirSync(join(root, 'client/src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^features\/(?!order-|lifetimes|what-if)/.test(name))
      .flatMap((name) =>
        [
          ...readFileSync(join(root, 'client/src', name), 'utf8').matchAll(
            /show(?:Information|Warning|Error)Message\(\s*(['`][^,)]*)/g,
          ),
        ].map(([, text]) => `${name}: ${text}`),
      );
    assert.deepEqual(plain, []);
  });
});

describe('a report of a false alarm', () => {
  it('has the evidence and no path', () => {
    const text = falseAlarm({
      version: '1.2.3',
      rule: 'ended-twice',
      message: '`foo_fini` in /home/ada/secret/drivers/foo.c ends it twice',
      line: 'foo_fini(foo);',
      evidence: [{ message: 'taken in ../work/foo_probe.c:12', line: undefined }],
    });
    assert.match(text, /^False alarm: ended-twice \(Driver Teardown 1\.2\.3\)/);
    assert.match(text, /`foo_fini` in foo\.c ends it twice/);
    assert.match(text, /1\. taken in foo_probe\.c:12/);
    assert.match(text, /```c\n {4}foo_fini\(foo\);/);
    assert.doesNotMatch(text, /ada|secret|work/);
  });
});
