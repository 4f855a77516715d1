/** Reads the command line. What it accepts is the contract of docs and `--help`: add, never change. */
import { parseArgs } from 'node:util';
import type { Severity } from '../core/result.ts';
import { isKernelVersion, kernelVersionWords } from '../host/configuration.ts';
import { defaultJobs } from '../host/open.ts';
import { isCompilerForm, withoutCompilerWords } from './compiler-words.ts';
import { UsageError } from './io.ts';
import { optionsOf, type Verb } from './options.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

export interface Arguments {
  readonly verb: Verb;
  readonly positionals: readonly string[];
  readonly format: string;
  readonly config: string | undefined;
  /** The kernel that the sources are for, where the tree does not say it. */
  readonly kernelVersion: string | undefined;
  readonly rules: readonly string[];
  readonly minSeverity: Severity;
  readonly jobs: number;
  readonly cache: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly help: boolean;
  /** Called as a compiler's checker is: one file, and an exit status that does not stop a build. */
  readonly inBuild: boolean;
  readonly version: boolean;
  /** An option that only this verb has. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

type Values = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

function parserOptions(
  verb: Verb,
): Record<string, { type: 'boolean' | 'string'; multiple: boolean; short?: string }> {
  return Object.fromEntries(
    optionsOf(verb).map(({ name, short, value, repeatable }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: repeatable === true,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

/** The formats that a verb prints, the default first. */
function formatsOf(verb: Verb): readonly string[] {
  return optionsOf(verb).find(({ name }) => name === 'format')?.choices ?? ['text'];
}

/** The first sentence of parseArgs' message, without the advice that it adds. */
function usageOf(error: unknown): string {
  const message = (error as Error).message;
  const first = message.split(/\. (?=[A-Z])/)[0] ?? message;
  return first
    .replace(/'/g, '')
    .replace(/^Unknown/, 'unknown')
    .replace(/^Option/, 'option')
    .replace(/\.$/, '');
}

function parse(
  verb: Verb,
  words: readonly string[],
): { values: Values; positionals: readonly string[] } {
  try {
    return parseArgs({
      args: [...words],
      options: parserOptions(verb),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(`${usageOf(error)} (see driver-teardown ${verb} --help)`);
  }
}

function choice<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
  otherwise: T,
): T {
  if (value === undefined) return otherwise;
  const found = known.find((word) => word === value);
  if (found === undefined)
    throw new UsageError(`--${name} must be one of ${known.join(', ')}, not ${value}`);
  return found;
}

export function severityOption(
  name: string,
  value: string | undefined,
  otherwise: Severity,
): Severity {
  return choice(name, value, severities, otherwise);
}

function versionOption(value: string | undefined): string | undefined {
  if (value === undefined || isKernelVersion(value)) return value;
  throw new UsageError(`--kernel-version must be ${kernelVersionWords}, not ${value}`);
}

function jobsOption(value: string | undefined): number {
  if (value === undefined) return defaultJobs();
  const jobs = Number(value);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 256)
    throw new UsageError(`--jobs must be a number from 1 to 256, not ${value}`);
  return jobs;
}

function wantsColor(value: string | undefined, isTerminal: boolean): boolean {
  const when = choice('color', value, ['auto', 'always', 'never'], 'auto');
  if (when !== 'auto') return when === 'always';
  return isTerminal && (process.env.NO_COLOR ?? '') === '';
}

/**
 * Reads the words after the verb.
 * @throws UsageError for an unknown option or a wrong value
 */
export function readArguments(
  verb: Verb,
  words: readonly string[],
  isTerminal: boolean,
): Arguments {
  const inBuild = verb === 'check' && isCompilerForm(words);
  const { values, positionals } = parse(verb, inBuild ? withoutCompilerWords(words) : words);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const flag = (name: string): boolean => values[name] === true;
  const rules = values.rule;
  return {
    verb,
    positionals,
    format: choice('format', text('format'), formatsOf(verb), inBuild ? 'emacs' : 'text'),
    config: text('config'),
    kernelVersion: versionOption(text('kernel-version')),
    rules: Array.isArray(rules) ? rules.map(String) : [],
    minSeverity: severityOption('min-severity', text('min-severity'), 'info'),
    jobs: jobsOption(text('jobs')),
    cache: !flag('no-cache'),
    quiet: flag('quiet'),
    color: wantsColor(text('color'), isTerminal),
    help: flag('help'),
    version: flag('version'),
    text,
    flag,
    inBuild,
  };
}
