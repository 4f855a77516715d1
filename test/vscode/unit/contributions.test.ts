import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commands,
  itemKinds,
  settings,
  settingsSection,
  views,
} from '../../../client/src/contributions.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string }[]>
    >;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly description?: string; readonly markdownDescription?: string }>
      >;
    };
  };
}

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;

function sorted(values: Iterable<string>): string[] {
  return [...values].sort();
}

describe('contributions', () => {
  it('has the commands of the manifest', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(sorted(declared), sorted(Object.values(commands)));
  });

  it('has the views of the manifest, in containers that exist', () => {
    const declared = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    assert.deepEqual(sorted(declared), sorted(Object.values(views)));
    const containers = contributes.viewsContainers.activitybar.map(({ id }) => id);
    assert.deepEqual(Object.keys(contributes.views), containers);
  });

  it('has the settings of the manifest, each described', () => {
    const { properties } = contributes.configuration;
    const known = Object.values(settings).map((name) => `${settingsSection}.${name}`);
    assert.deepEqual(sorted(Object.keys(properties)), sorted(known));
    for (const [name, { description, markdownDescription }] of Object.entries(properties)) {
      assert.ok(
        (description ?? markdownDescription ?? '').length > 20,
        `${name} has no description`,
      );
    }
  });

  it('names only commands and item kinds that exist in menus', () => {
    for (const items of Object.values(contributes.menus)) {
      for (const { command, when } of items) {
        assert.ok(Object.values<string>(commands).includes(command), command);
        const kind = /viewItem == (\w+)/.exec(when ?? '')?.[1];
        if (kind !== undefined) assert.ok(Object.values<string>(itemKinds).includes(kind), kind);
      }
    }
  });

  it('activates for C and nothing heavier', () => {
    assert.deepEqual(manifest.activationEvents, ['onLanguage:c']);
  });
});
