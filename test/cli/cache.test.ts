/** The facts cache on disk: what nobody reads any more goes, what is read stays. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts } from '../../server/src/core/facts/types.ts';
import { DiskCache } from '../../server/src/host/cache.ts';
import { TemporaryFolder } from './support.ts';

const days = (n: number): number => Date.now() / 1000 - n * 24 * 3600;
const facts = (path: string): FileFacts => ({
  path,
  lineStarts: [0],
  includes: [],
  functions: [],
  prototypes: [],
  structs: [],
  tables: [],
  macros: [],
  suppressions: [],
  errors: 0,
});

describe('host: the facts cache', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  const packs = (): string[] =>
    readdirSync(join(folder.path, 'facts'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.facts'))
      .map((name) => join(folder.path, 'facts', name));
  const write = (root: string, path: string): void => {
    const cache = new DiskCache(folder.path, root, 'stamp');
    cache.put(path, 'hash', facts(path));
    cache.save();
  };

  it('deletes packs of any root that nobody has read for a month, when it writes', () => {
    write('/one', 'drv/a.c');
    const [old = ''] = packs();
    utimesSync(old, days(40), days(40));
    write('/two', 'drv/a.c');
    assert.equal(existsSync(old), false);
    assert.equal(packs().length, 1);
  });

  it('keeps what is read now and then', () => {
    write('/one', 'drv/a.c');
    const [kept = ''] = packs();
    utimesSync(kept, days(29), days(29));
    assert.ok(new DiskCache(folder.path, '/one', 'stamp').get('drv/a.c', 'hash'));
    write('/two', 'drv/a.c');
    assert.equal(existsSync(kept), true);
    assert.ok(new DiskCache(folder.path, '/one', 'stamp').get('drv/a.c', 'hash'));
  });
});
