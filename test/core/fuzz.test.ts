/** The corpus of `npm run fuzz`, and some texts that come of it, with a fixed seed: nothing breaks a reader. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breaks, changed, fuzzTargets, type Target } from '../../scripts/lib/fuzz-targets.ts';
import { seeded } from '../../scripts/lib/mutations.ts';
import { loadEngine } from '../support/engine.ts';

const corpus = join(import.meta.dirname, '../fuzz/corpus');
const changes = 400;

describe('fuzzing', () => {
  let targets: readonly Target[];
  before(async () => {
    targets = fuzzTargets(await loadEngine());
  });

  for (const name of readdirSync(corpus)) {
    it(name, function () {
      this.timeout(120_000);
      const target = targets.find((one) => one.name === name);
      assert.ok(target);
      const folder = join(corpus, name);
      const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
      assert.ok(texts.length > 0);
      const random = seeded(1);
      const more = Array.from({ length: changes }, () =>
        changed(texts[Math.floor(random() * texts.length)] ?? '', texts, target.pieces, random),
      );
      for (const text of [...texts, ...more])
        assert.equal(breaks(target, text), undefined, JSON.stringify(text));
    });
  }
});
