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

  it('every message has German with the same gaps, and none is left over', () => {
    const german = JSON.parse(
      readFileSync(join(root, 'l10n/bundle.l10n.de.json'), 'utf8'),
    ) as Readonly<Record<string, string>>;
    const said = new Set(
      sources().flatMap(({ text }) =>
        [...text.matchAll(/\b(?:l10n\.t|say)\(\s*'((?:[^'\\]|\\.)*)'/g)].map(
          ([, message = '']) => message,
        ),
      ),
    );
    assert.ok(said.size > 200);
    assert.deepEqual(Object.keys(german).sort(), [...said].sort());
    for (const [message, text] of Object.entries(german))
      assert.deepEqual(text.match(/\{\d\}/g)?.sort(), message.match(/\{\d\}/g)?.sort(), message);
  });

  it('a message stands written out where it is said, so that it is found', () => {
    const computed = sources().flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![.\w])(?:vscode\.l10n\.t|say)\((?!\s*')[^)]*\)/g)]
        .map(([call]) => `${name}: ${call}`)
        .filter((call) => !/say\.ts: /.test(call)),
    );
    assert.deepEqual(computed, []);
  });

  it('shows no words to the user that are not translated', () => {
    // What a language model is told is no text of the window.
    const plain = sources()
      .filter(({ name }) => !name.endsWith('/model-tools.ts'))
      .filter(({ name }) => /^client\/src\/(features\/|module-|server-connection)/.test(name))
      .flatMap(({ name, text }) => unsaid(text).map((words) => `${name}: ${words}`));
    assert.deepEqual(plain, []);
  });
});

/** The files whose words somebody reads in a window. */
function sources(): { readonly name: string; readonly text: string }[] {
  return ['client/src', 'server/src/core', 'server/src/lsp'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({
        name: `${folder}/${name}`,
        text: readFileSync(join(root, folder, name), 'utf8'),
      })),
  );
}

/** Texts of several words that nobody translates, line by line; what goes to the log stays English. */
function unsaid(text: string): string[] {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\bconst (?:style|script) = `[\s\S]*?`;/g, '')
    .replace(/\b(?:log\.\w+|say|l10n\.t)\(\s*(?:'(?:[^'\\]|\\.)*'|`[^`]*`)/g, '')
    .split('\n')
    .filter((line) => !/^import |^\s*\/\//.test(line))
    .flatMap((line) => [...withoutGaps(line).matchAll(/'((?:[^'\\]|\\.)*)'|`([^`]*)`/g)])
    .map(([, plain, template]) => (plain ?? template ?? '').replace(/<[^>]*>/g, ' ').trim())
    .filter((words) => /[A-Za-z]{2,} [a-z]{2,}/.test(words))
    .filter(
      (words) => /[A-Za-z]{2,}/.test(words.replace(/\bxx\b/g, '')) && !/^[a-z]+-src /.test(words),
    );
}

/** What is computed inside of a template, from the inside to the outside. */
function withoutGaps(line: string): string {
  const shorter = line.replace(/\$\{[^{}]*\}/g, 'xx');
  return shorter === line ? line : withoutGaps(shorter);
}

describe('a report of a false alarm', () => {
  it('has the evidence and no path', () => {
    const text = falseAlarm({
      version: '1.2.3',
      rule: 'ended-twice',
      message: '`foo_fini` in /media/ada/secret/drivers/foo.c ends it twice',
      line: 'foo_fini(foo);',
      evidence: [{ message: 'taken in ../sources/foo_probe.c:12', line: undefined }],
    });
    assert.match(text, /^False alarm: ended-twice \(Driver Teardown 1\.2\.3\)/);
    assert.match(text, /`foo_fini` in foo\.c ends it twice/);
    assert.match(text, /1\. taken in foo_probe\.c:12/);
    assert.match(text, /```c\n {4}foo_fini\(foo\);/);
    assert.doesNotMatch(text, /ada|secret|sources/);
  });
});
