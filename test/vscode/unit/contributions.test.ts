import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  colors,
  commands,
  itemKinds,
  settings,
  settingsSection,
  views,
  webviews,
} from '../../../client/src/contributions.ts';
import { rules } from '../../../server/src/core/rules/index.ts';
import { configurationName } from '../../../server/src/host/configuration.ts';

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
        Record<
          string,
          {
            readonly description?: string;
            readonly markdownDescription?: string;
            readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
          }
        >
      >;
    };
    readonly colors: readonly {
      readonly id: string;
      readonly defaults: Readonly<Record<string, string>>;
    }[];
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
  };
}

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const english = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
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

  it('has the colours of the manifest, in every kind of theme', () => {
    assert.deepEqual(sorted(contributes.colors.map(({ id }) => id)), sorted(Object.values(colors)));
    const themes = ['dark', 'highContrast', 'highContrastLight', 'light'];
    for (const { id, defaults } of contributes.colors)
      assert.deepEqual(sorted(Object.keys(defaults)), themes, id);
  });

  it('has the settings of the manifest, each described', () => {
    const { properties } = contributes.configuration;
    const known = Object.values(settings).map((name) => `${settingsSection}.${name}`);
    assert.deepEqual(sorted(Object.keys(properties)), sorted(known));
    for (const [name, { description, markdownDescription }] of Object.entries(properties)) {
      const said = description ?? markdownDescription ?? '';
      const text = english[said.replaceAll('%', '')] ?? said;
      assert.ok(text.length > 20, `${name} has no description`);
    }
  });

  it('has every rule in its settings, described', () => {
    const listed = contributes.configuration.properties['driverTeardown.rules']?.properties ?? {};
    assert.deepEqual(sorted(Object.keys(listed)), sorted(rules.map(({ id }) => id)));
    for (const { id, summary } of rules) assert.ok(listed[id]?.description?.includes(summary), id);
  });

  it('has a schema for the configuration file, which takes what the program takes', () => {
    const entry = contributes.jsonValidation.find(
      ({ fileMatch }) => fileMatch === configurationName,
    );
    const schema = JSON.parse(readFileSync(join(root, entry?.url ?? ''), 'utf8')) as object;
    const fits = new Ajv({ strict: true, strictRequired: false })
      .addKeyword('deprecationMessage')
      .compile(schema);
    const release = { name: 'toy_put', driver: 'toy', verb: 'puts', what: 'object', object: 0 };
    const good = {
      $schema: 'x',
      rules: { 'unchecked-registration': 'off' },
      catalog: { releases: [release], macros: { loops: ['toy_each'] } },
      exclude: ['a/**'],
    };
    assert.ok(fits(good), JSON.stringify(fits.errors));
    for (const bad of [
      { severity: {} },
      { severities: { nope: 'off' } },
      { rules: { nope: 'off' } },
      { rules: { 'unchecked-registration': 'loud' } },
      { catalog: { releases: [{ ...release, verb: 'eats' }] } },
      { catalog: { nope: [] } },
      { exclude: 'a' },
    ])
      assert.ok(!fits(bad), JSON.stringify(bad));
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

  it('offers at the row of a finding what can be done about it', () => {
    const offered = (contributes.menus['view/item/context'] ?? [])
      .filter(({ when }) => when?.includes('finding'))
      .map(({ command }) => command);
    const { fixFinding, whatIfFinding, ignoreFinding, openRulePage, reportFalseAlarm } = commands;
    for (const command of [
      fixFinding,
      whatIfFinding,
      ignoreFinding,
      openRulePage,
      reportFalseAlarm,
    ])
      assert.ok(offered.includes(command), command);
  });

  it('activates for C and for tabs of its own, nothing heavier', () => {
    const tabs = Object.values(webviews).map((id) => `onWebviewPanel:${id}`);
    assert.deepEqual(manifest.activationEvents, ['onLanguage:c', ...tabs]);
  });
});
