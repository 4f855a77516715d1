import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../../..');

for (const file of ['package-lock.json', 'scripts/vscode-host/package-lock.json']) {
  describe(file, () => {
    const lock = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      readonly packages: Readonly<Record<string, LockedPackage>>;
    };
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

    it('names no registry: any can serve it', () => {
      const bound = packages.filter(([, { resolved }]) => resolved !== undefined);
      assert.deepEqual(
        bound.map(([path]) => path),
        [],
      );
    });

    // A registry that lacks another platform's binary makes npm leave it out of the lock, and then
    // `npm ci` refuses the lock everywhere. Put such an entry back by hand.
    it('has an entry for every optional package, so that npm ci takes it', () => {
      const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
        Object.keys(optionalDependencies).filter(
          (name) =>
            lock.packages[`${path}/node_modules/${name}`] === undefined && !isAbove(path, name),
        ),
      );
      assert.deepEqual(missing, []);
    });

    function isAbove(path: string, name: string): boolean {
      const folders = path.split('/node_modules/').slice(0, -1);
      const prefixes = folders.map((_, index) =>
        folders.slice(0, index + 1).join('/node_modules/'),
      );
      const candidates = [
        ...prefixes.map((prefix) => `${prefix}/node_modules/${name}`),
        `node_modules/${name}`,
      ];
      return candidates.some((candidate) => lock.packages[candidate]?.version !== undefined);
    }
  });
}
