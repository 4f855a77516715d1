/** Expanding a Makefile's text: references to variables, and the functions of GNU make that lists are made with. */

import { costOfName, type MakeBudget } from './make-budget.ts';

export interface Variable {
  readonly value: string;
  /** Expanded when set (`:=`) rather than when used. */
  readonly simple: boolean;
}

const maximumDepth = 12;
/** Lists that one assignment names. */
const maximumNames = 64;

type Variables = ReadonlyMap<string, Variable>;

export class MakeText {
  private readonly variables: Variables;
  private readonly files: (pattern: string) => readonly string[];
  private readonly budget: MakeBudget;
  private lines: string[] = [];

  /**
   * @param files what `$(wildcard …)` finds
   * @param budget when it is spent, everything expands to nothing
   */
  constructor(
    variables: Variables,
    files: (pattern: string) => readonly string[],
    budget: MakeBudget,
  ) {
    this.budget = budget;
    this.variables = variables;
    this.files = files;
  }

  expand(text: string): string {
    return this.within(text, this.variables, 0);
  }

  /** The lines that `$(eval …)` has made since the last time. */
  takeLines(): string {
    const lines = this.lines.join('\n');
    this.lines = [];
    return lines;
  }

  private within(text: string, variables: Variables, depth: number): string {
    if (this.budget.isSpent) return '';
    if (depth > maximumDepth || !text.includes('$')) return text;
    let out = '';
    for (let i = 0; i < text.length; i++) {
      if (text[i] !== '$') {
        out += text[i];
        continue;
      }
      const open = text[i + 1] ?? '';
      if (open === '$') {
        // `$$(x)` is for whoever expands the result.
        out += '$';
        i++;
      } else if (open === '(' || open === '{') {
        const close = closeOf(text, i + 1);
        out += this.reference(text.slice(i + 2, close), variables, depth);
        i = close;
      } else {
        // `$1` in what is called; `$@` and the like name nothing that lists objects.
        out += variables.get(open)?.value ?? '';
        i++;
      }
    }
    return this.budget.spend(out.length) ? out : '';
  }

  private reference(body: string, variables: Variables, depth: number): string {
    if (!this.budget.spend(costOfName)) return '';
    const expand = (text: string): string => this.within(text, variables, depth + 1);
    const call = /^\s*([a-z-]+)\s+([^]*)$/.exec(body);
    if (call) return this.call(call[1] ?? '', splitArguments(call[2] ?? ''), variables, depth);
    const substitution = /^([^:]+):([^=]*)=(.*)$/.exec(body);
    if (substitution) {
      const suffix = (part: string): string => (part.includes('%') ? part : `%${part}`);
      const [, name = '', from = '', to = ''] = substitution;
      return substitute(suffix(expand(from)), suffix(expand(to)), expand(`$(${name})`));
    }
    const name = expand(body);
    const variable = variables.get(name);
    if (!variable) return name.startsWith('CONFIG_') ? 'y' : '';
    return variable.simple ? variable.value : expand(variable.value);
  }

  /** Each place where `from` stands becomes `to`, as far as that may be said. */
  private substituted(from: string, to: string, text: string): string {
    if (from === '') return text;
    const places = text.split(from);
    return this.budget.spend(places.length * to.length) ? places.join(to) : '';
  }

  private call(name: string, raw: readonly string[], variables: Variables, depth: number): string {
    const expand = (text: string | undefined): string =>
      this.within(text ?? '', variables, depth + 1);
    const [a, b, c] = raw;
    switch (name) {
      case 'addprefix':
        return mapWords(expand(b), (word) => expand(a).trim() + word);
      case 'addsuffix':
        return mapWords(expand(b), (word) => word + expand(a).trim());
      case 'patsubst':
        return substitute(expand(a).trim(), expand(b).trim(), expand(c));
      case 'subst':
        return this.substituted(expand(a).trim(), expand(b).trim(), expand(c));
      case 'sort':
      case 'strip':
      case 'filter':
      case 'filter-out':
      case 'abspath':
      case 'realpath':
        return expand(raw[raw.length - 1]);
      case 'notdir':
        return mapWords(expand(a), (word) => word.slice(word.lastIndexOf('/') + 1));
      case 'basename':
        return mapWords(expand(a), (word) => word.replace(/\.[^./]*$/, ''));
      case 'dir':
        return mapWords(expand(a), (word) => word.slice(0, word.lastIndexOf('/') + 1) || './');
      case 'wildcard':
        return expand(a)
          .split(/\s+/)
          .flatMap((pattern) => this.files(pattern))
          .join(' ');
      // Any condition may hold.
      case 'if':
        return `${expand(b)} ${expand(c)}`.trim();
      case 'or':
      case 'and':
        return raw.map(expand).find((value) => value.trim() !== '') ?? '';
      case 'foreach': {
        const variable = expand(a).trim();
        return mapWords(expand(b), (word) => {
          if (!this.budget.spend(variables.size)) return '';
          return this.within(
            c ?? '',
            new Map(variables).set(variable, { value: word, simple: true }),
            depth + 1,
          );
        });
      }
      case 'call': {
        if (!this.budget.spend(variables.size)) return '';
        const given = new Map(variables);
        raw.slice(1).forEach((text, i) => {
          given.set(String(i + 1), { value: expand(text), simple: true });
        });
        return this.within(given.get(expand(a).trim())?.value ?? '', given, depth + 1);
      }
      case 'eval':
        this.lines.push(expand(raw.join(',')));
        return '';
      default:
        return '';
    }
  }
}

/**
 * The names that are meant by `obj-$(CONFIG_X)` on the left of an assignment. A condition that is not
 * known, or said to be no, counts as yes; a variable with several values gives as many names.
 */
export function expandNames(written: string, text: MakeText): readonly string[] {
  let names = [''];
  for (let i = 0; i < written.length; i++) {
    const open = written[i + 1];
    if (written[i] !== '$' || (open !== '(' && open !== '{')) {
      names = names.map((name) => name + written[i]);
      continue;
    }
    const close = closeOf(written, i + 1);
    const values = text
      .expand(written.slice(i, close + 1))
      .split(/\s+/)
      .filter(Boolean);
    const yes = values.length === 0 ? ['y'] : values.map((value) => (value === 'n' ? 'y' : value));
    const wanted = [...new Set(yes)];
    // What ten variables of four values name would be a million lists.
    names = names.slice(0, maximumNames).flatMap((name) => wanted.map((value) => name + value));
    i = close;
  }
  // `foo-$(CONFIG_A)$(CONFIG_B)` wants both.
  return names.map((name) => name.replace(/-[ym]{2,}$/, '-y'));
}

function closeOf(text: string, open: number): number {
  let level = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(' || text[i] === '{') level++;
    else if ((text[i] === ')' || text[i] === '}') && --level === 0) return i;
  }
  return text.length;
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
