/**
 * Runs git in a repository that may be anybody's. Its configuration can name programs for git to run:
 * to watch the disk, to turn files into text, to filter them, to sign, to fetch what is missing. None
 * of that is needed to ask, so all of it is switched off, and git has to confirm that it is. The
 * environment is a closed list; what decides whom git trusts (`safe.directory`) stays the user's.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { delimiter, dirname, isAbsolute } from 'node:path';

/** Blame of an old file in a deep history takes seconds. */
const timeoutMs = 20_000;

export interface Answer {
  readonly ok: boolean;
  readonly out: Buffer;
  /** The first line that git said when it failed. */
  readonly problem: string;
}

/** The user's own: where programs and the user's configuration are, and what the user is called. */
const passed: readonly string[] = [
  'HOME',
  'XDG_CONFIG_HOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'EMAIL',
  'LOGNAME',
  'USER',
  'SUDO_UID',
  'TMPDIR',
  // Windows cannot start a program without them.
  'SystemRoot',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'TEMP',
  'TMP',
];

const fixed: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_LAZY_FETCH: '1',
  // A list of the transports that may be used: there is none of that name.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PAGER: 'cat',
  GIT_EDITOR: ':',
};

/** Settings by which git runs a program, writes something or looks into other repositories. */
const settings: Readonly<Record<string, string>> = {
  'core.fsmonitor': 'false',
  'core.hookspath': devNull,
  'core.pager': 'cat',
  'core.editor': ':',
  'core.askpass': '',
  'core.sshcommand': 'false',
  'core.alternaterefscommand': '',
  'credential.helper': '',
  'diff.external': '',
  'diff.autorefreshindex': 'false',
  'diff.ignoresubmodules': 'all',
  'submodule.recurse': 'false',
  'log.showsignature': 'false',
  'gpg.program': 'false',
  'protocol.allow': 'never',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'safe.barerepository': 'explicit',
};

/** The settings of one driver, filter or hook, which the repository names as it likes. */
const families: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  filter: { clean: '', smudge: '', process: '', required: 'false' },
  diff: { command: '', textconv: '' },
  hook: { enabled: 'false' },
};

/** More drivers than this are an attack on the size of the environment. */
const maximumSettings = 500;

/** Programs are looked for in absolute folders only: a relative one may be the repository's. */
function searchPath(path: string | undefined): string {
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.join(delimiter);
}

function environment(overrides: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { PATH: searchPath(process.env.PATH), ...fixed };
  for (const name of passed) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  let i = 0;
  for (const [key, value] of overrides) {
    env[`GIT_CONFIG_KEY_${i}`] = key;
    env[`GIT_CONFIG_VALUE_${i}`] = value;
    i++;
  }
  env.GIT_CONFIG_COUNT = String(i);
  return env;
}

function problemOf(error: ExecFileException, said: Buffer): string {
  if (error.killed === true) return `git took more than ${timeoutMs / 1000} seconds`;
  if (error.code === 'ENOENT') return 'git is not installed';
  const first = said.toString('utf8').trim().split('\n')[0] ?? '';
  return first.replace(/^fatal: /, '');
}

function runGit(
  folder: string,
  args: readonly string[],
  overrides: ReadonlyMap<string, string>,
): Promise<Answer> {
  const options = {
    // Not in the repository: Windows looks for programs there first.
    cwd: dirname(process.execPath),
    encoding: 'buffer' as const,
    timeout: timeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: 1 << 28,
    env: environment(overrides),
  };
  return new Promise((resolve) => {
    execFile('git', ['--no-pager', '-C', folder, ...args], options, (error, out, said) => {
      resolve({ ok: error === null, out, problem: error === null ? '' : problemOf(error, said) });
    });
  });
}

/** `git config --list -z`: the last value of each key counts. */
function readSettings(out: Buffer): ReadonlyMap<string, string> {
  const lines = out.toString('utf8').split('\0').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const end = line.indexOf('\n');
      return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}

/** What has to be switched off beside the settings that every repository may have. */
function overridesFor(keys: Iterable<string>): ReadonlyMap<string, string> {
  const out = new Map(Object.entries(settings));
  for (const key of keys) {
    const [, family = '', name] = /^([^.]+)\.([^]+)\.[^.]+$/.exec(key) ?? [];
    for (const [setting, value] of Object.entries(families[family] ?? {}))
      if (name !== undefined) out.set(`${family}.${name}.${setting}`, value);
  }
  return out;
}

/** Git in one folder, with everything switched off that the repository could make it run. */
export class GitRunner {
  private readonly folder: string;
  private readonly overrides: ReadonlyMap<string, string>;

  private constructor(folder: string, overrides: ReadonlyMap<string, string>) {
    this.folder = folder;
    this.overrides = overrides;
  }

  /** @returns why git is not run there, as a string */
  static async in(folder: string): Promise<GitRunner | string> {
    const list = ['config', '--list', '-z'];
    const given = await runGit(folder, list, new Map(Object.entries(settings)));
    if (!given.ok) return given.problem;
    const overrides = overridesFor(readSettings(given.out).keys());
    if (overrides.size > maximumSettings) return 'the repository configures too many programs';
    const taken = await runGit(folder, list, overrides);
    if (!taken.ok) return taken.problem;
    const present = readSettings(taken.out);
    const obeys =
      overridesFor(present.keys()).size === overrides.size &&
      [...overrides].every(([key, value]) => present.get(key) === value);
    if (!obeys) return 'git is too old to leave out the programs that a repository configures';
    return new GitRunner(folder, overrides);
  }

  ask(args: readonly string[]): Promise<Answer> {
    return runGit(this.folder, args, this.overrides);
  }
}
