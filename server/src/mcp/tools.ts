/** The tools: what each takes, and the command lines that it is made of. */

/** A call that cannot be made a command line. */
export class ToolError extends Error {}

interface Property {
  readonly type: 'string' | 'array';
  readonly description: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly type: 'string' };
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, Property>>;
    readonly required: string[];
    readonly additionalProperties: false;
  };
  commands(
    args: Arguments,
  ): readonly { readonly words: readonly string[]; readonly input?: string }[];
  /** The outputs of the commands as one text. */
  join(outputs: readonly string[]): string;
}

/** The arguments of a call, held against the tool's schema. */
export class Arguments {
  private readonly values: Readonly<Record<string, unknown>>;

  /** @throws ToolError for what the schema does not allow */
  constructor({ inputSchema }: Tool, values: Readonly<Record<string, unknown>>) {
    const { properties, required } = inputSchema;
    for (const [name, value] of Object.entries(values)) {
      const property = properties[name];
      if (property === undefined) throw new ToolError(`no argument ${name}`);
      if (!fits(value, property)) throw new ToolError(`${name} must be ${property.description}`);
    }
    for (const name of required)
      if (values[name] === undefined) throw new ToolError(`${name} is needed`);
    this.values = values;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** `--name=value`, joined so that no value is taken for an option. */
  option(name: string, option = name): readonly string[] {
    const value = this.text(name);
    return value === undefined ? [] : [`--${option}=${value}`];
  }
}

function fits(value: unknown, { type, enum: words }: Property): boolean {
  if (type === 'array')
    return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === 'string' && (words === undefined || words.includes(value));
}

const root: Property = { type: 'string', description: 'the folder that paths are relative to' };
const paths: Property = {
  type: 'array',
  items: { type: 'string' },
  description: 'a list of .c files and folders (default: the root)',
};
const minSeverity: Property = {
  type: 'string',
  enum: ['error', 'warning', 'info', 'hint'],
  description: 'the least severity: error, warning, info (default) or hint',
};

function schema(
  properties: Readonly<Record<string, Property>>,
  ...required: string[]
): Tool['inputSchema'] {
  return {
    type: 'object',
    properties: { ...properties, root },
    required,
    additionalProperties: false,
  };
}

const whole = (outputs: readonly string[]): string => outputs.join('');

/** Behind `--`, a path that begins with a dash is no option. */
function pathWords(list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : ['--', ...list];
}

export const tools: readonly Tool[] = [
  {
    name: 'check',
    description:
      'Findings in C sources of a driver, each with its chain of evidence and what its fixes would create, as JSON. With `since`, only what the working tree adds to a commit.',
    inputSchema: schema({
      paths,
      rule: { type: 'string', description: 'only this rule' },
      minSeverity,
      since: { type: 'string', description: 'a git revision' },
    }),
    commands: (args) => [
      {
        words: [
          'check',
          '--format=json',
          ...args.option('rule'),
          ...args.option('minSeverity', 'min-severity'),
          ...args.option('since'),
          ...pathWords(args.list('paths')),
        ],
      },
    ],
    join: whole,
  },
  {
    name: 'order',
    description:
      'What a driver releases, in which order, when it is unbound, when it is unplugged with an open file, and when probe fails, as JSON.',
    inputSchema: schema(
      {
        path: { type: 'string', description: 'a .c file or the folder of one driver' },
        timeline: {
          type: 'string',
          description:
            'unbind, unplug-open, probe-fail, or probe-fail:N for one failure (default: all)',
        },
        entry: { type: 'string', description: 'a probe or bind function (default: every one)' },
      },
      'path',
    ),
    commands: (args) => [
      {
        words: [
          'order',
          '--format=json',
          ...args.option('timeline'),
          ...args.option('entry'),
          ...pathWords([args.text('path') ?? '.']),
        ],
      },
    ],
    join: whole,
  },
  {
    name: 'explain',
    description:
      "A rule's page as Markdown: what it finds, why it is bad, on what it stays silent. Or, for FILE:LINE, what is found there and which test would show it.",
    inputSchema: schema(
      { subject: { type: 'string', description: 'the id of a rule, or FILE:LINE' } },
      'subject',
    ),
    commands: (args) => [{ words: ['explain', ...pathWords([args.text('subject') ?? ''])] }],
    join: whole,
  },
  {
    name: 'what_if',
    description:
      'What the fixes of the findings in a file would do, tried out and not applied: JSON with the findings, of each fix the findings that it would create (`creates`), and as `diff` what the fixes that are asked for, or else preferred, would change.',
    inputSchema: schema(
      {
        path: { type: 'string', description: 'a .c file' },
        fix: { type: 'string', description: 'the id of a fix, from `fixes` of a finding' },
        rule: { type: 'string', description: 'only this rule' },
      },
      'path',
    ),
    commands: (args) => {
      const rest = [...args.option('rule'), ...pathWords([args.text('path') ?? ''])];
      const every = '--min-severity=hint';
      return [
        { words: ['check', '--format=json', every, ...rest] },
        { words: ['fix', '--quiet', '--unsafe', every, ...args.option('fix'), ...rest] },
      ];
    },
    join: ([report = '', diff = '']) => {
      const { findings, problems } = JSON.parse(report) as {
        findings: object[];
        problems: object[];
      };
      return `${JSON.stringify({ version: 1, findings, problems, diff }, null, 2)}\n`;
    },
  },
  {
    name: 'check_patch',
    description:
      'Findings that a patch would add to the tree, as JSON: a diff, a mail as it was sent, an mbox or a series, which is answered patch by patch.',
    inputSchema: schema(
      { patch: { type: 'string', description: 'the text of the patch' }, paths, minSeverity },
      'patch',
    ),
    commands: (args) => [
      {
        words: [
          'check',
          '--format=json',
          '--patch=-',
          ...args.option('minSeverity', 'min-severity'),
          ...pathWords(args.list('paths')),
        ],
        input: args.text('patch') ?? '',
      },
    ],
    join: whole,
  },
];
