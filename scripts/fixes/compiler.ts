/** Compiles changed files as kbuild would, and tells what the compiler says that it did not before. */
import { spawn } from 'node:child_process';
import { type BuildFolder, driverFolders, makeTarget } from './build-folder.ts';
import { Farm } from './farm.ts';

/** `whole`: code is generated and thrown away; `syntax`: declarations and types only. */
export type Depth = 'whole' | 'syntax';

export interface CompileJob {
  /** New bytes by file, relative to the tree. */
  readonly texts: ReadonlyMap<string, Buffer>;
  readonly files: readonly { readonly file: string; readonly depth: Depth }[];
}

export interface CompileResult {
  /** Files that went through. */
  readonly compiled: readonly string[];
  /** Files that this configuration does not build, or not even unchanged. */
  readonly skipped: readonly string[];
  /** Errors and new warnings, one line each. */
  readonly complaints: readonly string[];
}

interface Said {
  readonly ok: boolean;
  /** Errors and warnings without line numbers. */
  readonly lines: readonly string[];
  readonly raw: string;
}

const message = /^(\S+?):\d+(?::\d+)?: ((?:fatal error|error|warning): .*)$/;
const noTexts: ReadonlyMap<string, Buffer> = new Map();

function shell(command: string, cwd: string): Promise<{ status: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const parts: Buffer[] = [];
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stderr: Buffer.concat(parts).toString() }));
  });
}

/** Lines of `after` that `before` has not, or not so often. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  return after.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** One farm, one compiler at a time. Make one per processor. */
export class Compiler {
  readonly #folder: BuildFolder;
  readonly #farm: Farm;
  readonly #unchanged: Map<string, Promise<Said>>;

  /** @param unchanged what is said of unchanged files, shared among compilers */
  constructor(folder: BuildFolder, unchanged: Map<string, Promise<Said>>) {
    this.#folder = folder;
    this.#farm = new Farm(folder.source);
    this.#unchanged = unchanged;
  }

  async run(job: CompileJob): Promise<CompileResult> {
    const compiled: string[] = [];
    const skipped: string[] = [];
    const complaints: string[] = [];
    for (const { file, depth } of job.files) {
      const command = this.#folder.commands.get(file);
      if (command === undefined) {
        skipped.push(file);
        continue;
      }
      const after = await this.#say(file, depth, job.texts);
      if (after.ok && after.lines.length === 0) {
        compiled.push(file);
        continue;
      }
      const before = await this.#before(file, depth);
      if (!before.ok) skipped.push(file);
      else complaints.push(...added(before.lines, after.lines).map((line) => `${file}: ${line}`));
      if (before.ok && !after.ok && after.lines.length === 0)
        complaints.push(`${file}: ${after.raw.slice(0, 300)}`);
      if (before.ok) compiled.push(file);
    }
    return { compiled, skipped, complaints };
  }

  close(): void {
    this.#farm.remove();
  }

  #before(file: string, depth: Depth): Promise<Said> {
    const key = `${depth} ${file}`;
    let said = this.#unchanged.get(key);
    if (said === undefined) {
      said = this.#say(file, depth, noTexts);
      this.#unchanged.set(key, said);
    }
    return said;
  }

  async #say(file: string, depth: Depth, texts: ReadonlyMap<string, Buffer>): Promise<Said> {
    this.#farm.show(texts);
    const first = await this.#compile(file, depth);
    if (first.ok || !/fatal error: \S+: No such file/.test(first.raw)) return first;
    // A header that the build generates: kbuild makes it on the way to the unchanged object.
    makeTarget(this.#folder.build, file.replace(/\.c$/, '.o'), 1);
    return this.#compile(file, depth);
  }

  async #compile(file: string, depth: Depth): Promise<Said> {
    const { status, stderr } = await shell(this.#command(file, depth), this.#folder.build);
    const lines = stderr.split('\n').flatMap((line) => {
      const match = message.exec(line);
      return match === null
        ? []
        : [`${this.#plain(match[1] ?? '')}: ${this.#plain(match[2] ?? '')}`];
    });
    return { ok: status === 0, lines, raw: this.#plain(stderr) };
  }

  #plain(text: string): string {
    return text.replaceAll(`${this.#farm.path}/`, '').replaceAll(`${this.#folder.source}/`, '');
  }

  /** The command of kbuild, with the farm's files for the source's and no output. */
  #command(file: string, depth: Depth): string {
    const output = depth === 'syntax' ? '-fsyntax-only' : '-S -o /dev/null';
    let command = (this.#folder.commands.get(file) ?? '')
      .replace(/ -Wp,-MMD,\S+/, '')
      .replace(/ -c -o \S+/, () => ` -fdiagnostics-plain-output ${output}`);
    for (const folder of driverFolders) {
      const [from, to] = [`${this.#folder.source}/${folder}`, `${this.#farm.path}/${folder}`];
      command = command.replaceAll(from, to);
    }
    return command;
  }
}
