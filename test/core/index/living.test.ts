/** What the version of a kernel leaves of a text, as living.md writes it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SourceFile } from '../../../server/src/core/facts/source-file.ts';
import { livingText } from '../../../server/src/core/index/living.ts';
import { kernelOf } from '../../../server/src/core/index/version-condition.ts';
import { type Engine, loadEngine } from '../../support/engine.ts';

const page = readFileSync(new URL('living.md', import.meta.url), 'utf8');
const cases = [
  ...page.matchAll(/^## (.+)$[^]*?^```c version=(\S+)\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm),
];

const trimmed = (text: string): string => text.replace(/[ \t]+$/gm, '');

describe('what a kernel compiles', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const kernel = (version?: string) => kernelOf(engine.catalog.data.macros, version);

  for (const [, title = '', version = '', text = '', wanted = ''] of cases)
    it(title, () => {
      const found = livingText(text, kernel(version));
      assert.equal(found.length, text.length);
      assert.equal(trimmed(found), wanted);
      const crlf = text.replaceAll('\n', '\r\n');
      assert.equal(trimmed(livingText(crlf, kernel(version)).replaceAll('\r', '')), wanted);
      assert.equal(livingText(text, kernel()), text, 'of no known version everything counts');
    });

  it('any beginning of a text has an answer of its length', () => {
    for (const [, , version = '', text = ''] of cases)
      for (let end = 0; end < text.length; end++)
        assert.equal(livingText(text.slice(0, end), kernel(version)).length, end);
  });

  const twice = `#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int foo_remove(struct platform_device *pdev)
{
	return old(pdev);
}
#else
static void foo_remove(struct platform_device *pdev)
{
	now(pdev);
}
#endif
`;

  it('of two definitions the one of the newest kernel counts where no version is known', () => {
    const names = (version?: string) =>
      new SourceFile({ ...engine.reading, kernel: kernel(version) }, 'a.c', twice).functions.map(
        (fn) => `${fn.facts.calls.map((call) => call.callee)}${fn.isOutdated ? ' outdated' : ''}`,
      );
    assert.deepEqual(names(), ['old outdated', 'now']);
    assert.deepEqual(names('6.12'), ['now']);
    assert.deepEqual(names('6.10.3'), ['old']);
  });

  it('a head that a macro of the file makes is the function that it names', () => {
    const of = (text: string) =>
      new SourceFile(engine.reading, 'a.c', text).functions.map((fn) => [
        fn.name,
        fn.isStatic,
        fn.facts.errors,
        fn.facts.calls.map((call) =>
          text.slice(fn.start + call.nameStart, fn.start + call.nameEnd),
        ),
      ]);
    const head = '#define REMOVE(fn) static void fn(struct platform_device *pdev)\n';
    const body = '\n{\n\tput(pdev);\n}\n';
    assert.deepEqual(of(`${head}REMOVE(foo_remove)${body}`), [['foo_remove', true, 0, ['put']]]);
    const second = '#define HEAD(dev, fn) void fn(struct device *dev)\n';
    assert.deepEqual(of(`${second}HEAD(d, foo_remove)${body}`), [
      ['foo_remove', false, 0, ['put']],
    ]);
    // The same where the macro makes no head, or stands elsewhere.
    const other = '#define REMOVE(fn) FOO(fn)\n';
    for (const text of [`${other}REMOVE(foo_remove)${body}`, `REMOVE(foo_remove)${body}`])
      assert.equal(of(text)[0]?.[0], 'REMOVE');
  });
});
