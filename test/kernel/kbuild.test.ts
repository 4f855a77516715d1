/** Every .c that a Makefile of the trees lists as an object lands in a module. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { modulesInFolder } from '../../server/src/core/program/kbuild.ts';
import { skip } from '../skip.ts';
import { kernelTree } from './trees.ts';

const tops = ['drivers/gpu', 'drivers/accel', 'drivers/base', 'drivers/net/wireless', 'sound/soc'];

/** The objects that a Makefile's text names: read without a word of make. */
function objectsIn(text: string): string[] {
  const code = text.replace(/\\\r?\n/g, ' ').replace(/(^|\s)#.*$/gm, '');
  // Programs of the build are no part of a module, and neither is what a rule makes.
  const lists = code
    .split('\n')
    .filter((line) => !/^\s*(hostprogs|always|targets|clean-files)|^\t|^[^=]*:[^=]/.test(line));
  return lists.flatMap((line) =>
    [...line.matchAll(/(?<![\w./)%$-])([\w-][\w./-]*)\.o\b/g)].map(([, name = '']) => name),
  );
}

describe('Makefiles of real kernels', () => {
  for (const version of ['6.1', '6.12', '7.3'])
    it(`what they list lands in a module, on ${version}`, function () {
      this.timeout(60_000);
      const answer = kernelTree(version);
      if ('missing' in answer) return skip(this, answer.missing);
      const { path: tree } = answer;
      const around = {
        read: (path: string) => {
          const file = join(tree, path);
          return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
        },
      };
      const makefiles = tops
        .filter((top) => existsSync(join(tree, top)))
        .flatMap((top) =>
          readdirSync(join(tree, top), { recursive: true, encoding: 'utf8' })
            .filter((name) => /(^|\/)(Makefile|Kbuild)$/.test(name))
            .map((name) => posix.join(top, name)),
        );
      const folders = new Set(makefiles.map((path) => posix.dirname(path)));
      const modules = [...folders].flatMap((folder) => modulesInFolder(around, folder));
      const listed = new Set(modules.flatMap(({ sources }) => sources));
      let count = 0;
      const missing = makefiles.flatMap((path) =>
        objectsIn(around.read(path) ?? '').flatMap((object) => {
          const source = posix.join(posix.dirname(path), `${object}.c`);
          if (!existsSync(join(tree, source))) return [];
          count++;
          // A prefix may lead into a folder below, where a file of the same name lies.
          const isListed = [...listed].some(
            (one) =>
              one === source ||
              (one.startsWith(`${posix.dirname(path)}/`) && one.endsWith(`/${object}.c`)),
          );
          return isListed ? [] : [`${path}: ${object}.o`];
        }),
      );
      assert.ok(count > 1000, `${count} objects were compared`);
      assert.deepEqual(missing, []);
    });
});
