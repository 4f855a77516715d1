/** What the skim finds in the C of items.md, and that what it cuts out parses alone. */
import assert from 'node:assert/strict';
import { factsOf } from '../../../server/src/core/facts/parse.ts';
import { Column, type FileIndex, Flag } from '../../../server/src/core/index/file-index.ts';
import { skim } from '../../../server/src/core/index/skim.ts';
import { Words } from '../../../server/src/core/index/words.ts';
import { positionAt } from '../../../server/src/core/text.ts';
import { type Engine, loadEngine } from '../../support/engine.ts';
import { blocksOf, expectationsOf } from './fixture.ts';

const flagWords = ['static', 'extern', 'inline', 'system', 'unclosed', 'split'] as const;

/** An item as the fixtures write it. */
function written(index: FileIndex, item: number, words: Words, text: string): string {
  const { kind, name, flags } = index.item(item);
  const conditions = index
    .alternativesOf(item)
    .map((one) => `${one.kind} ${text.slice(one.start, one.end)}`.replace(/\s+/g, ' ').trim());
  return [
    ...flagWords.filter((flag) => (flags & Flag[flag]) !== 0),
    kind,
    ...(name < 0 ? [] : [words.of(name)]),
    ...(conditions.length > 0 ? [`[${conditions.join(' / ')}]`] : []),
  ].join(' ');
}

const names = (list: Int32Array, words: Words): string[] => [...list].map((id) => words.of(id));

/** `calls: a b` and the like, against the item that stands before. */
function checkPart(part: string, index: FileIndex, item: number, words: Words): void {
  const [key = '', value = ''] = part.split(/:\s*/);
  const wanted = value.split(' ').filter(Boolean);
  if (key === 'calls' || key === 'args') {
    const found = names(index.calls(item), words);
    const ordered = (list: string[]): string[] => (key === 'calls' ? [...list].sort() : list);
    assert.deepEqual(ordered(found), ordered(wanted), part);
  } else if (key === 'mentions')
    assert.deepEqual(names(index.mentions(item), words).sort(), wanted.sort(), part);
  else if (key === 'tag') assert.equal(words.of(index.item(item).tag), value);
  else if (key === 'through') assert.ok(index.item(item).flags & Flag.callsThrough, part);
  else assert.equal(key, 'macro', `what is ${part}?`);
}

const isDetail = (part: string): boolean => /^(\w+:|through$|macro$)/.test(part);

describe('the skim', () => {
  let engine: Engine;
  let attributes: readonly string[];
  before(async () => {
    engine = await loadEngine();
    attributes = engine.catalog.data.macros.attributes;
  });

  for (const [at, { title, text }] of blocksOf('items.md').entries())
    it(`${title} (${at})`, () => {
      const words = new Words(attributes);
      const index = skim(text, words);
      const lineOf = (offset: number): number => positionAt(index.lineStarts(text), offset).line;
      const found: string[] = [];
      const ends: string[] = [];
      for (const item of index.items()) {
        const { start, end, name } = index.item(item);
        found.push(`${lineOf(start)}: ${written(index, item, words, text)}`);
        ends.push(`${lineOf(end - 1)}: end${name < 0 ? '' : ` ${words.of(name)}`}`);
      }
      const wanted: string[] = [];
      for (const { line, parts } of expectationsOf(text))
        for (const part of parts)
          if (/^end\b/.test(part)) assert.ok(ends.includes(`${line}: ${part}`), `${line}: ${part}`);
          else if (!isDetail(part)) wanted.push(`${line}: ${part}`);
      const line = (one: string): number => Number.parseInt(one, 10);
      const sorted = (list: string[]): string[] => list.sort((a, b) => line(a) - line(b));
      assert.deepEqual(sorted(found), sorted(wanted));
      for (const { line, parts } of expectationsOf(text)) {
        let item = -1;
        for (const part of parts) {
          if (isDetail(part)) checkPart(part, index, item, words);
          else if (!/^end\b/.test(part))
            item = [...index.items()].find(
              (one) =>
                lineOf(index.cell(one, Column.start)) === line &&
                written(index, one, words, text) === part,
            )!;
        }
      }
    });

  for (const [at, { title, text }] of blocksOf('items.md').entries())
    it(`cuts out what parses alone: ${title} (${at})`, () => {
      const words = new Words(attributes);
      const index = skim(text, words);
      const lines = text.split('\n');
      for (const item of index.items('function')) {
        const { start, end, name, flags } = index.item(item);
        const line = lines[positionAt(index.lineStarts(text), start).line] ?? '';
        if (line.includes('macro') || (flags & Flag.unclosed) !== 0) continue;
        const alone = index.textOf(item, text);
        assert.equal(alone.length, end - start);
        const opened = alone.match(/^#[ \t]*if/gm)?.length ?? 0;
        const closed = alone.match(/^#[ \t]*endif/gm)?.length ?? 0;
        assert.equal(closed, opened, `every #endif has its #if: ${alone}`);
        const { functions } = factsOf(engine.parser, alone);
        assert.deepEqual(
          functions.map((fn) => [fn.facts.name, fn.start, fn.end, fn.facts.errors]),
          [[words.of(name), 0, alone.length, 0]],
          alone,
        );
      }
    });
});
