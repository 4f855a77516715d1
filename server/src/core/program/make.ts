/**
 * The part of GNU make that Kbuild files use: variables, functions, includes. Conditionals are read as if
 * every branch held, and a variable that nothing sets in a list's name as `y`, because any configuration
 * may be the user's.
 */
import { costOfFile, MakeBudget } from './make-budget.ts';
import { expandNames, MakeText, type Variable } from './make-text.ts';
import { joinPath } from './paths.ts';

/** What one Makefile, with its includes, says. */
export interface Makefile {
  /** Variable names with `$(CONFIG_X)`, and what stands in its place, read as `y`. */
  readonly names: ReadonlySet<string>;
  /** The words of a variable after expansion, [] when it is not set. */
  words(name: string): string[];
  /** Pattern rules from a .c to a .o: `i915-display/%.o` from `drivers/gpu/drm/i915/display/%.c`. */
  readonly patterns: readonly { readonly target: string; readonly source: string }[];
}

/** How a Makefile reaches what lies around it. */
export interface Around {
  /** The text of a path relative to the root, undefined when there is none. */
  read(path: string): string | undefined;
  /** The names of the files in a folder relative to the root, for `$(wildcard …)`. */
  list?(folder: string): readonly string[];
  /** Hears of a Makefile that was not read to its end. */
  gaveUp?(path: string, problem: string): void;
}

/**
 * Stands before a path from the root: `$(src)/a.o` in a list is no part of the Makefile's folder a second
 * time.
 */
const fromRoot = '\u0001';

const maximumDepth = 12;

/** A path of a Makefile, relative to the root: from the root where it says so, else from `folder`. */
export function pathFrom(folder: string, written: string): string {
  const at = written.lastIndexOf(fromRoot);
  return at < 0 ? joinPath(folder, written) : joinPath(written.slice(at + 1));
}

/**
 * Reads a Makefile and what it includes.
 * @param path the Makefile, relative to the root
 * @param folder what `$(src)` and `$(obj)` stand for, relative to the root
 */
export function readMakefile(around: Around, path: string, folder: string): Makefile {
  const reader = new MakeReader(around, folder);
  reader.file(path, 0);
  const words = (name: string): string[] =>
    reader.text.expand(`$(${name})`).split(/\s+/).filter(Boolean);
  return {
    names: new Set(reader.variables.keys()),
    words: (name) => {
      const found = words(name);
      if (reader.budget.isSpent) around.gaveUp?.(path, 'says too much, read in part');
      return found;
    },
    patterns: reader.patterns,
  };
}

class MakeReader {
  readonly variables = new Map<string, Variable>();
  readonly patterns: { target: string; source: string }[] = [];
  readonly text: MakeText;
  private readonly around: Around;
  private readonly folder: string;
  readonly budget = new MakeBudget();
  private readonly open = new Set<string>();
  /** The last line was a rule's, or its recipe's. */
  private inRule = false;

  constructor(around: Around, folder: string) {
    this.around = around;
    this.folder = folder;
    const set = (value: string, ...names: readonly string[]): void => {
      for (const name of names) this.variables.set(name, { value, simple: true });
    };
    set(`${fromRoot}/${folder}`, 'src', 'obj', 'srcdir');
    // What a driver outside of the tree calls its top folder is the root, as far as can be told.
    set(`${fromRoot}/.`, 'srctree', 'objtree', 'srcroot', 'M', 'KBUILD_EXTMOD', 'PWD', 'CURDIR');
    set(' ', 'space');
    set(',', 'comma');
    this.text = new MakeText(this.variables, (pattern) => this.filesLike(pattern), this.budget);
  }

  file(path: string, depth: number): void {
    const text = this.around.read(path);
    if (text === undefined || depth > maximumDepth || this.open.has(path)) return;
    if (!this.budget.spend(costOfFile + text.length)) return;
    this.open.add(path);
    this.lines(text, depth);
    this.open.delete(path);
  }

  private lines(text: string, depth: number): void {
    let conditionals = 0;
    let defined: { readonly name: string; readonly lines: string[] } | undefined;
    for (const line of logicalLines(text)) {
      if (this.budget.isSpent) return;
      const define = /^\s*define\s+(\S+)/.exec(line)?.[1];
      if (define !== undefined) defined = { name: define, lines: [] };
      else if (defined && /^\s*endef\b/.test(line)) {
        this.variables.set(defined.name, { value: defined.lines.join('\n'), simple: false });
        defined = undefined;
      } else if (defined) defined.lines.push(line);
      else if (/^\s*(ifdef|ifndef|ifeq|ifneq)\b/.test(line)) conditionals++;
      else if (/^\s*endif\b/.test(line)) conditionals = Math.max(0, conditionals - 1);
      else if (line.trim() !== '') this.line(line, conditionals > 0, depth);
    }
  }

  private line(line: string, conditional: boolean, depth: number): void {
    const include = /^\s*-?s?include\s+(.*)$/.exec(line);
    if (include) {
      for (const name of this.expand(include[1] ?? '', depth).split(/\s+/))
        if (name !== '') this.include(name, depth);
      return;
    }
    const assignment =
      /^\s*(?:(?:export|override|private)\s+)*((?:\$\([^()]*(?:\([^()]*\)[^()]*)*\)|\$\{[^{}]*\}|[^\s:+?=#$])+)\s*(\+=|::?:?=|\?=|=)\s*(.*)$/.exec(
        line,
      );
    // A tab begins a recipe behind a rule alone: elsewhere it indents.
    if (line.startsWith('\t') && this.inRule) return;
    this.inRule = false;
    if (assignment) {
      const [, written = '', operator = '=', value = ''] = assignment;
      for (const name of expandNames(written, this.text))
        this.assign(name, operator, value, conditional);
      return;
    }
    this.inRule = /^[^#=]*:/.test(line);
    const rule = /^([^\t#:=]*%\.o)\s*:\s*(\S*%\.c)\b/.exec(line);
    if (rule)
      this.patterns.push({
        target: pathFrom('', this.text.expand(rule[1] ?? '')),
        source: pathFrom('', this.text.expand(rule[2] ?? '')),
      });
    // `$(foreach …)` and `$(eval …)` that stand alone say further lines.
    else if (/^\s*\$[({]/.test(line)) this.expand(line, depth);
  }

  /** Expands, and reads the lines that `$(eval …)` in it makes. */
  private expand(text: string, depth: number): string {
    const expanded = this.text.expand(text);
    const lines = this.text.takeLines();
    if (lines !== '' && depth < maximumDepth) this.lines(lines, depth + 1);
    return expanded;
  }

  /** From the root, where make runs, else from the Makefile's folder: out of the tree that is where it is. */
  private include(name: string, depth: number): void {
    const candidates = [pathFrom('', name), pathFrom(this.folder, name)];
    const found = candidates.find((path) => this.around.read(path) !== undefined);
    if (found !== undefined) this.file(found, depth + 1);
  }

  private assign(name: string, operator: string, value: string, conditional: boolean): void {
    const old = this.variables.get(name);
    if (operator === '?=' && old) return;
    // Another branch may hold as well: the lists of both are wanted.
    const append = operator === '+=' || (conditional && old !== undefined);
    const simple =
      (operator !== '=' && operator.endsWith(':=')) || (append && (old?.simple ?? false));
    const text = simple ? this.text.expand(value) : value;
    // What names itself without `:=` would never end: make refuses it.
    this.variables.set(name, { value: append && old ? `${old.value} ${text}` : text, simple });
  }

  private filesLike(pattern: string): readonly string[] {
    const at = pattern.lastIndexOf('/');
    const name = pattern.slice(at + 1);
    const [prefix = '', suffix = ''] = name.split('*');
    const folder = pattern.slice(0, at + 1);
    const files = this.around.list?.(pathFrom('', at < 0 ? this.folder : folder)) ?? [];
    return files
      .filter((file) =>
        name.includes('*')
          ? file.length >= name.length - 1 && file.startsWith(prefix) && file.endsWith(suffix)
          : file === name,
      )
      .map((file) => folder + file);
  }
}

/** Ends with a backslash that no other one quotes. */
function isContinued(line: string): boolean {
  let at = line.length;
  while (line[at - 1] === '\\') at--;
  return (line.length - at) % 2 === 1;
}

function* logicalLines(text: string): Generator<string> {
  let pending: string[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    if (isContinued(raw)) {
      pending.push(`${raw.slice(0, -1)} `);
      continue;
    }
    const line = pending.length === 0 ? raw : [...pending, raw].join('');
    pending = [];
    yield line.replace(/(?<![^\s])#.*$/, '').trimEnd();
  }
  if (pending.length > 0) yield pending.join('');
}
