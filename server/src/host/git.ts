/**
 * What git knows of a folder. Every question has a time limit, and every answer may be missing: no
 * git, no repository, no history. Nothing is ever written.
 */
import type { Commit } from '../core/mail/changelog.ts';
import type { Author } from '../core/mail/patch.ts';
import { GitRunner } from './git-run.ts';

/** A file that two states of the tree have differently. */
export interface ChangedFile {
  /** As a path of the root, in the present tree or, for a deleted one, in the old. */
  readonly path: string;
  /** Where the old text stands; undefined when there was none. */
  readonly old: string | undefined;
}

/** The repository that holds a root folder. */
export class Git {
  private readonly runner: GitRunner;
  /** The root's path in the repository, with its last slash; empty when it is the top. */
  readonly prefix: string;

  private constructor(runner: GitRunner, prefix: string) {
    this.runner = runner;
    this.prefix = prefix;
  }

  /** @returns why there is no history for the folder, as a string */
  static async open(root: string): Promise<Git | string> {
    const runner = await GitRunner.in(root);
    if (typeof runner === 'string') return reasonFrom(runner);
    const { ok, out, problem } = await runner.ask(['rev-parse', '--show-toplevel']);
    if (!ok) return reasonFrom(problem);
    const prefix = await runner.ask(['rev-parse', '--show-prefix']);
    if (out.length === 0 || !prefix.ok) return 'not a git repository';
    return new Git(runner, prefix.out.toString('utf8').trim());
  }

  /** The full name of a commit, or undefined when there is no such one. */
  async commit(revision: string): Promise<string | undefined> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const { ok, out } = await this.runner.ask(args);
    return ok ? out.toString('utf8').trim() : undefined;
  }

  /**
   * What the working tree has otherwise than a commit, new files included, below the root.
   * @throws Error with what git said
   */
  async changedSince(commit: string): Promise<readonly ChangedFile[]> {
    const plain = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];
    const form = ['--name-status', '-M', '-z', '--relative'];
    const args = ['diff', ...plain, ...form, commit, '--', '.'];
    const changed = await this.runner.ask(args);
    if (!changed.ok) throw new Error(changed.problem);
    const others = ['ls-files', '--others', '--exclude-standard', '-z', '--', '.'];
    const untracked = await this.runner.ask(others);
    if (!untracked.ok) throw new Error(untracked.problem);
    const names = untracked.out
      .toString('utf8')
      .split('\0')
      .filter((name) => name !== '');
    return [
      ...readStatus(changed.out.toString('utf8').split('\0')),
      ...names.map((path) => ({ path, old: undefined })),
    ];
  }

  /** The bytes of a file in a commit. */
  async show(commit: string, path: string): Promise<Buffer | undefined> {
    const { ok, out } = await this.runner.ask([
      'cat-file',
      'blob',
      `${commit}:${this.prefix}${path}`,
    ]);
    return ok ? out : undefined;
  }

  /** The subjects of the last commits that changed a file, newest first. */
  async subjectsOf(path: string): Promise<readonly string[]> {
    const args = [
      'log',
      '--no-show-signature',
      '-n',
      '20',
      '--no-merges',
      '--format=%s',
      '--',
      path,
    ];
    const { ok, out } = await this.runner.ask(args);
    return ok
      ? out
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  }

  /**
   * The commit that brought a line in.
   * @param line counts from 1
   * @returns undefined when the line is not committed, or older than the history
   */
  async blame(path: string, line: number): Promise<Commit | undefined> {
    const args = [
      'blame',
      '--no-textconv',
      '-w',
      '--porcelain',
      '-L',
      `${line},${line}`,
      '--',
      path,
    ];
    const { ok, out } = await this.runner.ask(args);
    const text = out.toString('utf8');
    const hash = /^[0-9a-f]{40,64}/.exec(text)?.[0];
    const subject = /^summary (.*)$/m.exec(text)?.[1];
    if (!ok || hash === undefined || subject === undefined) return undefined;
    if (/^0+$/.test(hash) || /^boundary$/m.test(text)) return undefined;
    return { hash, subject };
  }

  /** Who commits here, when git has been told. */
  async author(): Promise<Author | undefined> {
    const { ok, out } = await this.runner.ask(['var', 'GIT_AUTHOR_IDENT']);
    const match = /^(.+) <([^>]+)>/.exec(out.toString('utf8'));
    const [, name, email] = match ?? [];
    return ok && name !== undefined && email !== undefined ? { name, email } : undefined;
  }
}

/** What git says of folders that it does not work in, in words that say what to do. */
function reasonFrom(problem: string): string {
  if (/dubious ownership/.test(problem))
    return "the repository is another user's (see git's safe.directory)";
  return /not a git repository|must be run in a work tree/.test(problem) || problem === ''
    ? 'not a git repository'
    : problem;
}

/** `M`, path; `R100`, old path, new path; … as `git diff --name-status -z` writes them. */
function readStatus(words: readonly string[]): ChangedFile[] {
  const files: ChangedFile[] = [];
  for (let i = 0; i + 1 < words.length; ) {
    const status = words[i]?.[0] ?? '';
    const first = words[i + 1] ?? '';
    const second = words[i + 2] ?? '';
    const two = status === 'R' || status === 'C';
    i += two ? 3 : 2;
    if (two) files.push({ path: second, old: first });
    else files.push({ path: first, old: status === 'A' ? undefined : first });
  }
  return files;
}
