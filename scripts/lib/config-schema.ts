/** The JSON schema of `.driver-teardown.json` and the settings that say the same, made from the rules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../server/src/core/rules/index.ts';
import { tools } from '../../server/src/mcp/tools.ts';

type Json = Readonly<Record<string, unknown>>;

const root = join(import.meta.dirname, '../..');
const read = (name: string): Json => JSON.parse(readFileSync(join(root, name), 'utf8')) as Json;

const words = ['error', 'warning', 'info', 'hint', 'off'];

function severities(): Json {
  return Object.fromEntries(
    rules.map(({ id, summary, defaultSeverity }) => [
      id,
      { description: `${summary} (default: ${defaultSeverity})`, type: 'string', enum: words },
    ]),
  );
}

/** A user's entry need not say in which header it was read. */
function withoutSource(definition: unknown): unknown {
  const { required } = definition as { readonly required?: readonly string[] };
  if (required === undefined) return definition;
  return { ...(definition as Json), required: required.filter((name) => name !== 'source') };
}

/** The lists of the catalogue: name to schema. */
function lists(): Json {
  const { $schema: _, ...known } = read('server/catalog/catalog.schema.json').properties as Json;
  return known;
}

/** The text of client/resources/driver-teardown.schema.json. */
export function configurationSchema(): string {
  const definitions = read('server/catalog/catalog.schema.json').definitions as Json;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Driver Teardown',
    description:
      'The configuration of Driver Teardown for the folder of the file and all below it.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      rules: {
        description:
          'How severe the findings of each rule are. "off" silences a rule; a rule that is not named keeps its default.',
        type: 'object',
        additionalProperties: false,
        properties: severities(),
      },
      severities: {
        description: 'The former name of "rules".',
        deprecationMessage: 'It is called "rules" now, as in the settings.',
        $ref: '#/properties/rules',
      },
      catalog: {
        description:
          'What functions of your own do to lifetimes. Your entries win over those that are shipped.',
        type: 'object',
        additionalProperties: false,
        properties: lists(),
      },
      exclude: {
        description:
          'Files and folders without findings: globs (*, ?, **) relative to the folder of this file.',
        type: 'array',
        items: { type: 'string' },
      },
      conversions: {
        description:
          'Where fixes that move something to another scope are offered: globs relative to the folder of this file. Without it: below drivers/gpu/drm and drivers/accel of a kernel tree, and everywhere outside of one.',
        type: 'array',
        items: { type: 'string' },
      },
      baseline: {
        description:
          'A file that lists findings which are known and not told again, relative to the folder of this file. Without it: .driver-teardown-baseline.json, where it is there.',
        type: 'string',
        minLength: 1,
      },
      kernelVersion: {
        description:
          'The kernel that the sources are for, 6.12 or 6.12.5: what #if LINUX_VERSION_CODE leaves out does not count. Without it: what the tree says; of a driver outside of a tree every branch counts.',
        type: 'string',
        pattern: '^[0-9]{1,3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?$',
      },
    },
    definitions: Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, withoutSource(definition)]),
    ),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

interface Manifest {
  readonly contributes: {
    languageModelTools: readonly Json[];
    readonly configuration: { readonly properties: Record<string, Json> };
  };
}

/** The text of package.json with the rules and the catalogue's lists in its settings. */
export function manifestText(): string {
  const manifest = read('package.json') as Json & Manifest;
  const settings = manifest.contributes.configuration.properties;
  const put = (name: string, properties: Json): void => {
    settings[name] = { ...settings[name], properties, additionalProperties: false };
  };
  put('driverTeardown.rules', severities());
  put(
    'driverTeardown.catalog',
    Object.fromEntries(
      Object.keys(lists()).map((name) => [name, { type: name === 'macros' ? 'object' : 'array' }]),
    ),
  );
  manifest.contributes.languageModelTools = tools.map(({ name, description, inputSchema }) => ({
    name: `driver-teardown_${name}`,
    displayName: `Driver Teardown: ${name.replaceAll('_', ' ')}`,
    toolReferenceName: `driverTeardown_${name}`,
    canBeReferencedInPrompt: true,
    userDescription: description,
    modelDescription: description,
    tags: ['driver-teardown', 'linux', 'kernel'],
    inputSchema,
  }));
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
