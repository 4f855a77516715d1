/**
 * What git knows of a folder. Every question has a time limit, and every answer may be missing: no
 * git, no repository, no history. Nothing is ever written.
 */
import { execFile } from 'node:child_process';
import type { Commit } from '../core/mail/changelog.ts';
import type { Author } from '../core/mail/patch.ts';

/** Blame of an old file in a deep history takes seconds. */
const timeoutMs = 20_000;

interface Answer {
  readonly ok: boolean;
  readonly out: Buffer;
  /** The first line that git said when it failed. */
  readonly problem: string;
}

function ask(folder: string, args: readonly string[]): Promise<Answer> {
  const options = {
    cwd: folder,
    encoding: 'buffer' as const,
    timeout: timeoutMs,
    maxBuffer: 1 << 28,
    // Neither a pager nor a prompt, and no lock for refreshing the index.
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
  };
  return new Promise((resolve) => {
    execFile('git', ['--no-pager', ...args], options, (error, out, said) => {
      const late = error !== null && 'killed' in error && error.killed === true;
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      const problem = late
        ? `git took more than ${timeoutMs / 1000} seconds`
        : missing
          ? 'git is not installed'
          : (said.toString('utf8').trim().split('\n')[0] ?? '').replace(/^fatal: /, '');
      resolve({ ok: error === null, out, problem });
    });
  });
}

/** A file that two states of the tree have differently. */
export interface ChangedFile {
  /** As a path of the root, in the present tree or, for a deleted one, in the old. */
  readonly path: string;
  /** Where the old text stands; undefined when there was none. */
  readonly old: string | undefined;
}

/** The repository that holds a root folder. */
export class Git {
  readonly #root: string;
  /** The root's path in the repository, with its last slash; empty when it is the top. */
  readonly #prefix: string;

  private constructor(root: string, prefix: string) {
    this.#root = root;
    this.#prefix = prefix;
  }

  /** @returns why there is no history for the folder, as a string */
  static async open(root: string): Promise<Git | string> {
    const { ok, out, problem } = await ask(root, ['rev-parse', '--show-toplevel']);
    if (!ok) return problem === 'git is not installed' ? problem : 'not a git repository';
    const prefix = await ask(root, ['rev-parse', '--show-prefix']);
    if (out.length === 0 || !prefix.ok) return 'not a git repository';
    return new Git(root, prefix.out.toString('utf8').trim());
  }

  /** The full name of a commit, or undefined when there is no such one. */
  async commit(revision: string): Promise<string | undefined> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const { ok, out } = await ask(this.#root, args);
    return ok ? out.toString('utf8').trim() : undefined;
  }

  /**
   * What the working tree has otherwise than a commit, new files included, below the root.
   * @throws Error with what git said
   */
  async changedSince(commit: string): Promise<readonly ChangedFile[]> {
    const args = ['diff', '--name-status', '-M', '-z', '--relative', commit, '--', '.'];
    const changed = await ask(this.#root, args);
    if (!changed.ok) throw new Error(changed.problem);
    const others = ['ls-files', '--others', '--exclude-standard', '-z', '--', '.'];
    const untracked = await ask(this.#root, others);
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
    const { ok, out } = await ask(this.#root, [
      'cat-file',
      'blob',
      `${commit}:${this.#prefix}${path}`,
    ]);
    return ok ? out : undefined;
  }

  /** The subjects of the last commits that changed a file, newest first. */
  async subjectsOf(path: string): Promise<readonly string[]> {
    const args = ['log', '-n', '20', '--no-merges', '--format=%s', '--', path];
    const { ok, out } = await ask(this.#root, args);
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
    const args = ['blame', '-w', '--porcelain', '-L', `${line},${line}`, '--', path];
    const { ok, out } = await ask(this.#root, args);
    const text = out.toString('utf8');
    const hash = /^[0-9a-f]{40,64}/.exec(text)?.[0];
    const subject = /^summary (.*)$/m.exec(text)?.[1];
    if (!ok || hash === undefined || subject === undefined) return undefined;
    if (/^0+$/.test(hash) || /^boundary$/m.test(text)) return undefined;
    return { hash, subject };
  }

  /** Who commits here, when git has been told. */
  async author(): Promise<Author | undefined> {
    const { ok, out } = await ask(this.#root, ['var', 'GIT_AUTHOR_IDENT']);
    const match = /^(.+) <([^>]+)>/.exec(out.toString('utf8'));
    const [, name, email] = match ?? [];
    return ok && name !== undefined && email !== undefined ? { name, email } : undefined;
  }
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
