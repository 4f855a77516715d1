/**
 * The part of GNU make that Kbuild files use: variables, a few functions, includes. Conditionals are
 * read as if every branch held, because any configuration may be the user's.
 */
import { joinPath } from './paths.ts';

/** What one Makefile, with its includes, says. */
export interface Makefile {
  /** Variable names with `$(CONFIG_X)` read as `y`. */
  readonly names: ReadonlySet<string>;
  /** The words of a variable after expansion, [] when it is not set. */
  words(name: string): string[];
  /** Pattern rules from a .c to a .o: `i915-display/%.o` from `drivers/gpu/drm/i915/display/%.c`. */
  readonly patterns: readonly { readonly target: string; readonly source: string }[];
}

interface Variable {
  value: string;
  /** Expanded when set (`:=`) rather than when used. */
  simple: boolean;
}

const maximumDepth = 12;

/**
 * Reads a Makefile and what it includes.
 * @param read the text of a path relative to the root, undefined when there is none
 * @param path the Makefile, relative to the root
 * @param folder what `$(src)` and `$(obj)` stand for, relative to the root
 */
export function readMakefile(
  read: (path: string) => string | undefined,
  path: string,
  folder: string,
): Makefile {
  const variables = new Map<string, Variable>();
  const patterns: { target: string; source: string }[] = [];
  for (const name of ['src', 'obj']) variables.set(name, { value: folder, simple: true });
  for (const name of ['srctree', 'objtree', 'srcroot'])
    variables.set(name, { value: '.', simple: true });
  const expand = (text: string) => expandMake(text, variables, 0);

  const readFile = (file: string, depth: number): void => {
    const text = read(file);
    if (text === undefined || depth > maximumDepth) return;
    let conditionals = 0;
    for (const line of logicalLines(text)) {
      if (/^\s*(ifdef|ifndef|ifeq|ifneq)\b/.test(line)) conditionals++;
      else if (/^\s*endif\b/.test(line)) conditionals = Math.max(0, conditionals - 1);
      const include = /^\s*-?s?include\s+(.*)$/.exec(line);
      if (include) {
        for (const name of expand(include[1] ?? '').split(/\s+/))
          if (name) readFile(joinPath(name), depth + 1);
        continue;
      }
      const assignment = /^\s*([^\s:+?=#][^:+?=#\s]*)\s*(\+=|::?=|\?=|=)\s*(.*)$/.exec(line);
      if (assignment && !line.startsWith('\t')) {
        assign(
          variables,
          expand(assignment[1] ?? ''),
          assignment[2] ?? '=',
          assignment[3] ?? '',
          conditionals > 0,
          expand,
        );
        continue;
      }
      const rule = /^([^\t#:=]*%\.o)\s*:\s*(\S*%\.c)\b/.exec(line);
      if (rule)
        patterns.push({
          target: joinPath(expand(rule[1] ?? '')),
          source: joinPath(expand(rule[2] ?? '')),
        });
    }
  };
  readFile(path, 0);
  return {
    names: new Set(variables.keys()),
    words: (name) => expand(`$(${name})`).split(/\s+/).filter(Boolean),
    patterns,
  };
}

function assign(
  variables: Map<string, Variable>,
  name: string,
  operator: string,
  value: string,
  conditional: boolean,
  expand: (text: string) => string,
): void {
  const old = variables.get(name);
  if (operator === '?=' && old) return;
  // Another branch may hold as well: the lists of both are wanted.
  const append = operator === '+=' || (conditional && old !== undefined);
  const simple = operator === ':=' || operator === '::=' || (append && (old?.simple ?? false));
  const text = simple ? expand(value) : value;
  variables.set(name, { value: append && old ? `${old.value} ${text}` : text, simple });
}

function* logicalLines(text: string): Generator<string> {
  let pending = '';
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = pending + raw;
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) {
      pending = `${line.slice(0, -1)} `;
      continue;
    }
    pending = '';
    yield line.replace(/(^|\s)#.*$/, '$1').trimEnd();
  }
  if (pending) yield pending;
}

function expandMake(text: string, variables: ReadonlyMap<string, Variable>, depth: number): string {
  if (depth > maximumDepth || !text.includes('$')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '$') {
      out += text[i];
      continue;
    }
    const open = text[i + 1];
    if (open !== '(' && open !== '{') {
      i++; // `$$`, `$@` and the like name nothing that lists objects.
      continue;
    }
    const close = matchingClose(text, i + 1);
    out += reference(text.slice(i + 2, close), variables, depth);
    i = close;
  }
  return out;
}

function matchingClose(text: string, open: number): number {
  let level = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(' || text[i] === '{') level++;
    else if ((text[i] === ')' || text[i] === '}') && --level === 0) return i;
  }
  return text.length;
}

function reference(body: string, variables: ReadonlyMap<string, Variable>, depth: number): string {
  const expand = (text: string) => expandMake(text, variables, depth + 1);
  const call = /^\s*([a-z-]+)\s+([^]*)$/.exec(body);
  if (call) return callFunction(call[1] ?? '', splitArguments(call[2] ?? ''), variables, depth);
  const substitution = /^([^:]+):([^=]*)=(.*)$/.exec(body);
  if (substitution) {
    const suffix = (part: string) => (part.includes('%') ? part : `%${part}`);
    const [, name = '', from = '', to = ''] = substitution;
    return substitute(suffix(expand(from)), suffix(expand(to)), expand(`$(${name})`));
  }
  const name = expand(body);
  if (name.startsWith('CONFIG_')) return 'y';
  const variable = variables.get(name);
  if (!variable) return '';
  return variable.simple ? variable.value : expand(variable.value);
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let level = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(' || text[i] === '{') level++;
    else if (text[i] === ')' || text[i] === '}') level--;
    else if (text[i] === ',' && level === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function substitute(from: string, to: string, text: string): string {
  const [prefix = '', suffix = ''] = from.split('%');
  return mapWords(text, (word) => {
    if (!from.includes('%')) return word === from ? to : word;
    if (!word.startsWith(prefix) || !word.endsWith(suffix)) return word;
    return to.replace('%', word.slice(prefix.length, word.length - suffix.length));
  });
}

function mapWords(text: string, change: (word: string) => string): string {
  return text.split(/\s+/).filter(Boolean).map(change).join(' ');
}

function callFunction(
  name: string,
  raw: string[],
  variables: ReadonlyMap<string, Variable>,
  depth: number,
): string {
  const expand = (text: string | undefined) => expandMake(text ?? '', variables, depth + 1);
  const [a, b, c] = raw;
  switch (name) {
    case 'addprefix':
      return mapWords(expand(b), (word) => expand(a).trim() + word);
    case 'addsuffix':
      return mapWords(expand(b), (word) => word + expand(a).trim());
    case 'patsubst':
      return substitute(expand(a).trim(), expand(b).trim(), expand(c));
    case 'subst':
      return expand(c).replaceAll(expand(a).trim(), expand(b).trim());
    case 'sort':
    case 'strip':
    case 'filter':
    case 'filter-out':
      return expand(raw[raw.length - 1]);
    case 'notdir':
      return mapWords(expand(a), (word) => word.slice(word.lastIndexOf('/') + 1));
    case 'if':
      return expand(b);
    case 'foreach': {
      const variable = expand(a).trim();
      return expand(b)
        .split(/\s+/)
        .filter(Boolean)
        .map((word) =>
          expandMake(
            c ?? '',
            new Map(variables).set(variable, { value: word, simple: true }),
            depth + 1,
          ),
        )
        .join(' ');
    }
    default:
      return '';
  }
}
