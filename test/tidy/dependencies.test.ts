/** Every package that `npm ci` installs for this project is one that something here uses. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What is run by name, and what the compiler finds by itself. */
const unnamed = /^@types\//;

function textsIn(folder: string, names: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name) && !name.includes('node_modules'))
    .filter((name) => !name.endsWith('package-lock.json'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

describe('dependencies', () => {
  it('each is named where it is used', () => {
    const { devDependencies, scripts } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<'devDependencies' | 'scripts', Readonly<Record<string, string>>>;
    const texts = [
      ...['client/src', 'server/src', 'test', 'scripts'].flatMap((folder) =>
        textsIn(folder, /\.(?:ts|mjs)$/),
      ),
      readFileSync(join(root, '.mocharc.json'), 'utf8'),
      ...Object.values(scripts),
    ];
    // An import, a path below node_modules, or `--import=tsx`.
    const isUsed = (name: string): boolean => {
      const use = new RegExp(`(?:['"/]|import=)${name.replace('/', '\\/')}(?=['"/ ]|$)`);
      return texts.some((text) => use.test(text));
    };
    const unused = Object.keys(devDependencies).filter((name) => !unnamed.test(name));
    assert.deepEqual(
      unused.filter((name) => !isUsed(name)),
      [],
    );
  });
});
