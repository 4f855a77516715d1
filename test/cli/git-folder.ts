/** A git repository for tests: nothing of the machine's or the user's configuration counts in it. */
import { execFileSync } from 'node:child_process';
import { type Files, TemporaryFolder } from './support.ts';

export class GitFolder extends TemporaryFolder {
  constructor(files: Files, author = 'Jürgen Größ') {
    super();
    this.write({ '.gitignore': '.cache\n', ...files });
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'user.name', author);
    this.git('config', 'user.email', 'jg@example.org');
    this.git('config', 'commit.gpgsign', 'false');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
  }

  /** Commits all that is there. */
  commit(subject: string): string {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', subject);
    return this.git('rev-parse', 'HEAD').trim();
  }
}
