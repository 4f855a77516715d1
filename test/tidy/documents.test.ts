/** Documents that are made from the code are up to date, and the links between documents lead somewhere. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

describe('documents', () => {
  it('the index of the rules, the schema of the configuration and the settings are up to date', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/rules-index.ts', '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
  });

  it("the manual page and the shells' completions are up to date", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import=tsx', 'scripts/cli-pages.ts', '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
  });

  for (const [title, script] of [
    ['the icon', 'icon'],
    ["the page of the server's own requests", 'protocol-page'],
  ] as const)
    it(`${title} is up to date`, () => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import=tsx', `scripts/${script}.ts`, '--check'],
        { cwd: root, encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
    });

  it('links lead to files', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => join('docs', name)),
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)]
        .map((match) => join(dirname(page), match[1] ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it('the map of the code names what is there', () => {
    const sources = ['server/src', 'client/src', 'scripts'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:ts|mjs)$/.test(name))
        .map((name) => `${folder}/${name}`),
    );
    const words = new Set(
      sources.flatMap((name) => readFileSync(join(root, name), 'utf8').match(/[A-Za-z_]\w*/g)),
    );
    const pages = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`);
    const missing = ['docs/architecture.md', ...pages].flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8').replace(/^```[^]*?^```$/gm, '');
      const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
      const files = quoted.filter((name) => /^[\w/.-]+\.ts$/.test(name));
      const calls = quoted.flatMap(
        (name) => /^(?:[A-Za-z]+\.)*([A-Za-z]+)\(.*\)$/.exec(name)?.[1] ?? [],
      );
      const types = quoted.filter((name) => /^[A-Z][a-z]+[A-Za-z]*$/.test(name));
      return [
        ...files.filter(
          (name) =>
            !existsSync(join(root, name)) && !sources.some((one) => one.endsWith(`/${name}`)),
        ),
        // Of the kernel's functions the ones with an underscore in their name are not ours.
        ...[...calls, ...types].filter((name) => name !== 'Makefile' && !words.has(name)),
      ].map((name) => `${page}: ${name}`);
    });
    assert.deepEqual(missing, []);
  });
});
