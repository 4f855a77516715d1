/** Whatever a user can set is described somewhere, and what is described is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { commonOptions, verbPages } from '../../server/src/cli/options.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const pages = new Map(
  [
    'README.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ].map((name) => [name, read(name)]),
);
const all = [...pages.values()].join('\n');

const manifest = JSON.parse(read('package.json')) as {
  readonly contributes: { readonly configuration: unknown; readonly commands: unknown };
};

/** The settings of all sections of the settings page. */
function settings(): string[] {
  const sections = [manifest.contributes.configuration].flat() as {
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
  return sections.flatMap(({ properties }) => Object.keys(properties));
}

const options = [
  ...commonOptions,
  ...Object.values(verbPages).flatMap((page) => page.options),
].filter(({ hidden }) => !hidden);

describe('documentation', () => {
  it('has every option of the command line', () => {
    const missing = options
      .map(({ name }) => name)
      .filter((name) => !/^(?:help|version)$/.test(name))
      .filter((name) => !new RegExp(`--${name}(?![\\w-])`).test(all));
    assert.deepEqual(missing, []);
  });

  it('has every setting, and no other', () => {
    const using = pages.get('docs/using.md') ?? '';
    const told = [...using.matchAll(/^\| `(driverTeardown\.[\w.]+)`/gm)].map(([, name]) => name);
    assert.deepEqual(told.sort(), settings().sort());
  });

  it('has every key of the configuration', () => {
    const schema = JSON.parse(read('client/resources/driver-teardown.schema.json')) as {
      readonly properties: Readonly<Record<string, unknown>>;
    };
    const missing = Object.keys(schema.properties).filter(
      (key) => key !== '$schema' && !new RegExp(`[\`"]${key}[\`"]`).test(all),
    );
    assert.deepEqual(missing, []);
  });

  it('shows configurations that are right', () => {
    const schema = JSON.parse(read('client/resources/driver-teardown.schema.json')) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const shown = [...(pages.get('docs/using.md') ?? '').matchAll(/^```json\n([^]*?)^```$/gm)];
    assert.ok(shown.length >= 2);
    for (const [, text = ''] of shown)
      assert.ok(validate(JSON.parse(text)), `${text}${JSON.stringify(validate.errors)}`);
  });

  it('names no option that there is not', () => {
    const known = new Set(options.map(({ name }) => name));
    const foreign: string[] = [];
    for (const [page, text] of pages) {
      for (const [, words = ''] of text.matchAll(
        /driver-teardown (?:check|fix|order|merge)([^`\n]*)/g,
      ))
        for (const [, name = ''] of words.matchAll(/ --([a-z][\w-]+)/g))
          if (!known.has(name)) foreign.push(`${page}: --${name}`);
    }
    assert.deepEqual(foreign, []);
  });
});
