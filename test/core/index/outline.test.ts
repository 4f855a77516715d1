/** The outline of bodies against tree-sitter, over the fixtures, and that no text makes it fail. */
import assert from 'node:assert/strict';
import { Column } from '../../../server/src/core/index/file-index.ts';
import {
  How,
  type Outline,
  OutlineColumn,
  outlineOf,
} from '../../../server/src/core/index/outline.ts';
import { skim } from '../../../server/src/core/index/skim.ts';
import { Words } from '../../../server/src/core/index/words.ts';
import { type Engine, loadEngine } from '../../support/engine.ts';
import { Differences, outlineNodes, treeNodes } from '../../support/outline-oracle.ts';
import { blocksOf } from './fixture.ts';

/** `//! -call +block` of each line, as `line kind`. */
function allowed(text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    const kinds = /\/\/! (.*)$/.exec(line)?.[1]?.split(' ') ?? [];
    return kinds.map((kind) => `${i} ${kind}`);
  });
}

function outlineIn(text: string, words = new Words()): Outline {
  const index = skim(text, words);
  const fn = [...index.items('function')][0] ?? 0;
  return outlineOf(text, index.cell(fn, Column.bodyStart), index.cell(fn, Column.end), words);
}

describe('the outline of a body', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  for (const { title, text } of blocksOf('outline.md'))
    it(`finds what tree-sitter finds: ${title}`, () => {
      const tree = treeNodes(engine.parser, text);
      assert.ok(tree, 'the block parses');
      const words = new Words(engine.catalog.data.macros.attributes);
      const differing = new Differences().add(tree, outlineNodes(outlineIn(text, words), 0));
      const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
      assert.deepEqual(
        differing.map((one) => {
          const [kind = '', start = ''] = one.split(' ');
          return `${lineOf(Number(start))} ${kind}`;
        }),
        allowed(text),
        differing
          .map((one) => `${one}: ${text.slice(Number(one.split(' ')[1])).slice(0, 40)}`)
          .join('\n'),
      );
    });

  it('tells how a call names what it calls, and what stands in what', () => {
    const words = new Words();
    const text = 'void f(void)\n{\n\tif (a(1)) {\n\t\tp->b(c());\n\t\t(*d)();\n\t}\n}\n';
    const outline = outlineIn(text, words);
    const path = (node: number): string => {
      const parent = outline.cell(node, OutlineColumn.parent);
      return (parent < 0 ? '' : `${path(parent)}/`) + outline.kind(node);
    };
    const calls = Array.from({ length: outline.count }, (_, i) => i)
      .filter((i) => outline.kind(i) === 'call')
      .map((i) => {
        const word = outline.cell(i, OutlineColumn.word);
        return [word < 0 ? '' : words.of(word), outline.cell(i, OutlineColumn.how), path(i)];
      });
    assert.deepEqual(calls, [
      ['a', How.name, 'if/condition/call'],
      ['b', How.member, 'if/call'],
      ['c', How.name, 'if/call/argument/call'],
      ['', How.expression, 'if/call'],
    ]);
  });

  it('reads any beginning of a function', () => {
    const words = new Words();
    for (const { text } of blocksOf('outline.md'))
      for (let end = text.indexOf('{'); end < text.length; end++)
        outlineOf(text.slice(0, end), text.indexOf('{'), end, words);
  });

  it('and the skim take time in proportion to a text of nothing but one thing', () => {
    const words = new Words();
    const parts = [
      '(',
      '[',
      '{',
      ')',
      '}',
      '(x)',
      'if (',
      'f(',
      'do ',
      'x ? ',
      'else ',
      '->',
      '*',
      'a ',
    ];
    parts.push('"', '/*', '#if\n', '#else\n', '#if 0\n', '#if 1\n#else\n', 'struct {', 'static\n');
    parts.push('\n{', 'f()\n{', 'f(){', '{};', 'x,', '=1,', 'int a=1,', 'd(a)\n', 'int f(int a)\n');
    for (const part of parts)
      for (const head of ['void f(void)\n{\n', '', 'x = '])
        for (const tail of ['', ')'.repeat(3000), '\n#endif\n{']) {
          const from = performance.now();
          outlineIn(head + part.repeat(3000) + tail, words);
          const time = performance.now() - from;
          assert.ok(time < 2000, `${head}${part}…${tail.slice(0, 9)}: ${time.toFixed(0)} ms`);
        }
  }).timeout(120_000);
});
