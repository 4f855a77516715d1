/** Reads `.driver-teardown.json`, and says clearly what is wrong with one. */
import { dirname, join } from 'node:path';
import type { CatalogData } from '../core/catalog.ts';
import type { Severity } from '../core/result.ts';
import { rules } from '../core/rules/index.ts';
import { checkCatalog, isObject } from './check-catalog.ts';
import { Failure, isListed, readRegular } from './disk.ts';

export const configurationName = '.driver-teardown.json';

export type RuleSeverity = Severity | 'off';

export interface Configuration {
  /** Absolute; undefined when there is no file. */
  readonly file: string | undefined;
  readonly severities: Readonly<Record<string, RuleSeverity>>;
  /** Entries for functions that the shipped catalogue does not know; they win over it. */
  readonly catalog: Partial<CatalogData>;
  /** Globs relative to the folder of the file. */
  readonly exclude: readonly string[];
  /** Globs relative to other folders: an editor's settings. */
  readonly excludeIn?: readonly Excluded[];
  /** Globs relative to the folder of the file: where conversions are offered. Undefined for the default. */
  readonly conversions?: readonly string[];
  /** The same relative to other folders. */
  readonly conversionsIn?: readonly Excluded[];
  /** The kernel that the sources are for, `6.12` or `6.12.5`; undefined for what the tree says. */
  readonly kernelVersion?: string;
  /** The baseline, relative to the folder of the file; undefined for the one of the usual name. */
  readonly baseline?: string;
  /** Why the file that stands in the tree is not used. */
  readonly unreadable?: UnreadableConfiguration;
}

export interface Excluded {
  /** Absolute. */
  readonly folder: string;
  readonly globs: readonly string[];
}

/** A configuration that cannot be used. `message` is one line for a user and names the file. */
export class ConfigurationError extends Error {}

/** One that cannot even be read: a folder, a pipe, a link to itself, no permission. */
export class UnreadableConfiguration extends ConfigurationError {
  /** Absolute. */
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.file = file;
    this.problem = problem;
  }
}

export const emptyConfiguration: Configuration = {
  file: undefined,
  severities: {},
  catalog: {},
  exclude: [],
};

/** Larger ones are no configuration. */
const maximumBytes = 8 * 1024 * 1024;

/** What `rules` was called before the editor's setting and it had one name; it is still read. */
const formerRules = 'severities';

const severityWords: readonly string[] = ['error', 'warning', 'info', 'hint', 'off'];
const keys = ['$schema', 'rules', 'catalog', 'exclude', 'conversions', 'kernelVersion', 'baseline'];

export function isRuleSeverity(value: unknown): value is RuleSeverity {
  return typeof value === 'string' && severityWords.includes(value);
}

/** Whether something is a kernel version as the configuration, the settings and the command line take it. */
export function isKernelVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/.test(value);
}

export const kernelVersionWords = 'a kernel version like 6.12 or 6.12.5';

/** The nearest configuration file, from `folder` upwards. */
export function findConfiguration(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, configurationName);
    if (isListed(file)) return file;
    if (at === dirname(at)) return undefined;
  }
}

function checkSeverities(
  name: string,
  value: unknown,
  rules: readonly string[],
  fail: (what: string) => never,
): Record<string, RuleSeverity> {
  if (!isObject(value)) return fail(`"${name}" must be an object of rule to severity`);
  const out: Record<string, RuleSeverity> = {};
  for (const [rule, severity] of Object.entries(value)) {
    if (!rules.includes(rule)) return fail(`"${name}" names an unknown rule "${rule}"`);
    if (!isRuleSeverity(severity)) {
      return fail(`severity of "${rule}" must be one of ${severityWords.join(', ')}`);
    }
    out[rule] = severity;
  }
  return out;
}

function checkGlobs(key: string, value: unknown, fail: (what: string) => never): readonly string[] {
  const wrong = `"${key}" must be a list of globs`;
  if (!Array.isArray(value)) return fail(wrong);
  return value.map((glob) => (typeof glob === 'string' ? glob : fail(wrong)));
}

/**
 * Checks a parsed configuration.
 * @param file for messages
 * @param rules the ids that `rules` may name
 * @throws ConfigurationError naming the first thing that is wrong
 */
export function checkConfiguration(
  value: unknown,
  file: string,
  rules: readonly string[],
): Configuration {
  const fail = (what: string): never => {
    throw new ConfigurationError(`${file}: ${what}`);
  };
  if (!isObject(value)) return fail('must hold a JSON object');
  const unknown = Object.keys(value).find((key) => !keys.includes(key) && key !== formerRules);
  if (unknown !== undefined)
    return fail(`unknown key "${unknown}" (known: ${keys.slice(1).join(', ')})`);
  if (value.rules !== undefined && value[formerRules] !== undefined)
    return fail(`"${formerRules}" is the former name of "rules": only one of them can count`);
  const name = value.rules === undefined ? formerRules : 'rules';
  return {
    file,
    severities: value[name] === undefined ? {} : checkSeverities(name, value[name], rules, fail),
    catalog: value.catalog === undefined ? {} : checkCatalog(value.catalog, file, fail),
    exclude: value.exclude === undefined ? [] : checkGlobs('exclude', value.exclude, fail),
    ...(value.conversions === undefined
      ? {}
      : { conversions: checkGlobs('conversions', value.conversions, fail) }),
    ...(value.baseline === undefined
      ? {}
      : typeof value.baseline === 'string' && value.baseline !== ''
        ? { baseline: value.baseline }
        : fail('"baseline" must be the name of a file')),
    ...(value.kernelVersion === undefined
      ? {}
      : isKernelVersion(value.kernelVersion)
        ? { kernelVersion: value.kernelVersion }
        : fail(`"kernelVersion" must be ${kernelVersionWords}`)),
  };
}

/**
 * Reads a configuration file.
 * @throws ConfigurationError when it cannot be read, is not JSON, or holds something unknown
 */
export function readConfiguration(file: string): Configuration {
  const bytes = readRegular(file, maximumBytes);
  if (bytes instanceof Failure) throw new UnreadableConfiguration(file, bytes.problem);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigurationError(`${file}: not valid JSON: ${(error as Error).message}`);
  }
  return checkConfiguration(
    value,
    file,
    rules.map((rule) => rule.id),
  );
}
