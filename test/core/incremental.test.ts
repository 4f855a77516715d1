/** A pass that follows edits says what a fresh one says: findings with their chains and fixes, and the order. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeModule, type ModuleInput } from '../../server/src/core/analyze.ts';
import { SourceFile } from '../../server/src/core/facts/source-file.ts';
import type { Pass } from '../../server/src/core/pass.ts';
import { pieces } from '../support/edits.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['sample/sample_gpu', 'sample/sample_blit', 'test/kernel/recordings/minixe'];

interface Module {
  readonly texts: Map<string, string>;
  readonly files: Map<string, SourceFile>;
}

describe('incremental analysis', function () {
  this.timeout(120_000);
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  const modulesIn = (folder: string): Module => {
    const names = readdirSync(join(root, folder)).filter((name) => /\.[ch]$/.test(name));
    const texts = new Map(
      names.sort().map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]),
    );
    const files = new Map(
      [...texts].map(([name, text]) => [name, new SourceFile(engine.reading, name, text)]),
    );
    return { texts, files };
  };

  const inputOf = (
    texts: ReadonlyMap<string, string>,
    files: Iterable<SourceFile>,
  ): ModuleInput => ({
    name: 'edited',
    files: [...files],
    problems: [],
    textOf: (path) => texts.get(path),
  });

  /** Everything that a user can see, as text. */
  const shown = (input: ModuleInput, previous?: Pass): { text: string; pass: Pass } => {
    const { report, order, pass } = analyzeModule(
      input,
      engine.catalog,
      { severities: {} },
      previous,
    );
    return { text: JSON.stringify([report, order()], undefined, 1), pass };
  };

  for (const folder of folders) {
    it(`${folder}: after each of 60 edits`, () => {
      const { texts, files } = modulesIn(folder);
      const original = new Map(texts);
      let pass = shown(inputOf(texts, files.values())).pass;
      let state = 11;
      const random = (below: number) => {
        state = (state * 48271) % 2147483647;
        return state % below;
      };
      const names = [...texts.keys()];
      for (let i = 0; i < 60; i++) {
        const name = names[random(names.length)] ?? '';
        const text = texts.get(name) ?? '';
        const at = random(text.length);
        const piece = pieces[random(pieces.length)] ?? '';
        const edited =
          i % 6 === 5
            ? (original.get(name) ?? '')
            : text.slice(0, at) + piece + text.slice(at + random(4));
        texts.set(name, edited);
        files.set(name, new SourceFile(engine.reading, name, edited, files.get(name)));
        const kept = shown(inputOf(texts, files.values()), pass);
        pass = kept.pass;
        const again = [...texts].map(([path, now]) => new SourceFile(engine.reading, path, now));
        assert.equal(kept.text, shown(inputOf(texts, again)).text, `edit ${i} of ${name} at ${at}`);
      }
    });
  }

  for (const folder of folders) {
    it(`${folder}: a file that leaves the module and comes back, each and two at a time`, () => {
      const { texts, files } = modulesIn(folder);
      const first = shown(inputOf(texts, files.values()));
      const whole = first.text;
      let { pass } = first;
      const names = [...texts.keys()];
      for (const [i, name] of names.entries()) {
        for (const gone of [[name], [name, names[(i + 1) % names.length]]]) {
          const left = [...files.values()].filter(({ path }) => !gone.includes(path));
          const kept = shown(inputOf(texts, left), pass);
          assert.equal(kept.text, shown(inputOf(texts, left)).text, `without ${gone.join(', ')}`);
          const back = shown(inputOf(texts, files.values()), kept.pass);
          assert.equal(back.text, whole, `${gone.join(', ')} is back`);
          pass = back.pass;
        }
      }
    });
  }

  it('an edit in a body runs again only what read it', () => {
    const { texts, files } = modulesIn('sample/sample_gpu');
    const { pass } = shown(inputOf(texts, files.values()));
    const name = [...texts.keys()].find((one) => one.endsWith('.c')) ?? '';
    const text = texts.get(name) ?? '';
    const before = pass.program.queries.computations;
    const edited = text.replace('kfree(bo);', 'kfree( bo );');
    assert.notEqual(edited, text);
    texts.set(name, edited);
    files.set(name, new SourceFile(engine.reading, name, edited, files.get(name)));
    analyzeModule(inputOf(texts, files.values()), engine.catalog, { severities: {} }, pass);
    const again = pass.program.queries.computations - before;
    assert.ok(again * 4 < before, `${again} of ${before} answers were computed again`);
  });
});
