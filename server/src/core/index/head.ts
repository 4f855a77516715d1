/**
 * The tokens of a declaration's head, at file scope, and what they declare. Only what stands outside
 * of braces is kept; a braced group counts as one token.
 */
import { typedefWord, WordClass } from './words.ts';

/** Token kinds: word classes from `WordClass`, these, and character codes of punctuation from 33. */
export const Token = { number: 11, string: 12, block: 13 } as const;

const open = 40;
const close = 41;
const star = 42;
const colon = 58;
const equals = 61;
const openBracket = 91;
const closeBracket = 93;

/** Declarators in declarators, `(*(*name)(void))(int)`: nobody writes as many. */
const deepestDeclarator = 16;

/** One head's tokens, in arrays that are used again for the next. */
export class Head {
  length = 0;
  readonly kinds: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly words: number[] = [];
  /** For an opening parenthesis or bracket the token that closes it, else the token itself. */
  readonly match: number[] = [];
  /** Tokens that are open, the outermost first. */
  readonly opened: number[] = [];
  /** An `=` stands outside of parentheses. */
  hasEquals = false;

  reset(): void {
    this.length = 0;
    this.opened.length = 0;
    this.hasEquals = false;
  }

  get level(): number {
    return this.opened.length;
  }

  push(kind: number, start: number, end: number, word: number): void {
    const at = this.length++;
    this.kinds[at] = kind;
    this.starts[at] = start;
    this.ends[at] = end;
    this.words[at] = word;
    this.match[at] = at;
    if (kind === open || kind === openBracket) this.opened.push(at);
    else if (kind === close || kind === closeBracket) {
      const from = this.opened.pop();
      if (from !== undefined) this.match[from] = at;
    } else if (kind === equals && this.opened.length === 0) this.hasEquals = true;
  }

  /** Drops the tokens from an offset on. */
  cutAt(offset: number): void {
    while (this.length > 0 && this.starts[this.length - 1]! >= offset) this.length--;
    for (const at of this.opened) if (at < this.length) this.match[at] = this.length - 1;
    this.opened.length = 0;
  }

  copy(): Head {
    return this.range(0, this.length);
  }

  /** The tokens `from..to` as a head of their own. */
  range(from: number, to: number): Head {
    const out = new Head();
    out.append(this, from, to);
    return out;
  }

  append(other: Head, from: number, to: number): void {
    for (let i = from; i < to; i++)
      this.push(other.kinds[i]!, other.starts[i]!, other.ends[i]!, other.words[i]!);
  }

  /** The head is a call and nothing else, `DEFINE_FREE(…)`; with storage words before it if asked. */
  isCall(storage: boolean): boolean {
    const { kinds, match, length } = this;
    let at = 0;
    while (storage && at < 4 && kinds[at] === WordClass.storage) at++;
    return (
      at + 2 < length &&
      kinds[at] === WordClass.plain &&
      kinds[at + 1] === open &&
      match[at + 1] === length - 1
    );
  }

  /** The last token but for attributes, -1 when there is none. */
  lastToken(): number {
    return this.top().at(-1) ?? -1;
  }

  /** The outermost tokens: of a group its opening one; attributes and their groups left out. */
  private top(): number[] {
    const { kinds, match, length } = this;
    const out: number[] = [];
    for (let i = 0; i < length; i++) {
      const kind = kinds[i]!;
      if (
        kind === WordClass.attribute ||
        kind === WordClass.gnuAttribute ||
        (kind === WordClass.assembler && out.length > 0)
      ) {
        if (i + 1 < length && kinds[i + 1] === open) i = match[i + 1]!;
        continue;
      }
      out.push(i);
      i = match[i]!;
    }
    return out;
  }

  describe(): Described {
    const { kinds, words } = this;
    const top = this.top();
    const out: Described = {
      first: this.firstToken(top),
      typedef: top.some((i) => kinds[i] === WordClass.storage && words[i] === typedefWord),
      struct: -1,
      tag: -1,
      name: -1,
      callable: false,
      params: -1,
      typed: false,
      array: false,
    };
    const stop = top.findIndex((i) => kinds[i] === equals);
    const list = stop < 0 ? top : top.slice(0, stop);
    // The tag of the type: the word behind `struct`, or the last of several (the others are macros).
    const keyword = list.findIndex((i) => kinds[i] === WordClass.tag);
    if (keyword >= 0) {
      let at = keyword + 1;
      if (kinds[list[at + 1] ?? -1] === open && kinds[list[at + 2] ?? -1] === WordClass.plain)
        at += 2;
      const word = list[at];
      out.struct = list[keyword]!;
      if (word !== undefined && kinds[word] === WordClass.plain) out.tag = word;
    }
    this.declarator(list, keyword, out);
    return out;
  }

  /**
   * Where the definition begins to the grammar: after attributes that are blanked, and after a macro
   * before the first word that only declarations have.
   */
  private firstToken(top: readonly number[]): number {
    const { kinds, match, length } = this;
    let first = 0;
    while (first < length && kinds[first] === WordClass.attribute) {
      first++;
      if (kinds[first] === open) first = match[first]! + 1;
    }
    const anchor = top.find((i) => {
      const kind = kinds[i]!;
      return (
        kind === WordClass.storage ||
        kind === WordClass.primitive ||
        kind === WordClass.tag ||
        kind === open ||
        kind === star
      );
    });
    if (anchor === undefined || kinds[anchor] === open || kinds[anchor] === star) return first;
    return top.every((i) => i >= anchor || kinds[i] === WordClass.plain)
      ? Math.max(first, anchor)
      : first;
  }

  /** Finds the declared name: of a function, a pointer to one, or a variable. */
  private declarator(list: readonly number[], keyword: number, out: Described): void {
    const { kinds } = this;
    const type = list.findIndex((one) => kinds[one] !== WordClass.storage);
    const firstType = type < 0 ? list.length : type;
    const found: { name: number; params: number; at: number; typed: boolean }[] = [];
    for (let at = 0; at < list.length; at++) {
      const i = list[at]!;
      if (kinds[i] !== open) continue;
      const before = list[at - 1];
      if (before !== undefined && kinds[before] === WordClass.typeof) continue;
      const next = list[at + 1];
      const followed = next !== undefined && (kinds[next] === open || kinds[next] === openBracket);
      const inner = followed ? this.nested(i) : null;
      if (inner && (before === undefined || kinds[before] !== WordClass.plain || inner.pointer)) {
        if (found.length > 0) continue;
        out.name = inner.name;
        out.params = inner.params >= 0 ? inner.params : next!;
        out.callable = inner.params >= 0 || (!inner.pointer && kinds[next!] === open);
        out.typed = at > 0;
        out.array = kinds[inner.name + 1] === openBracket;
        return;
      }
      if (before === undefined || kinds[before] !== WordClass.plain) continue;
      if (at - 2 === keyword && keyword >= 0) continue; // `struct MACRO(…) tag`
      const typed = firstType < at - 1;
      found.push({ name: before, params: i, at, typed });
    }
    const chosen =
      found.length < 2
        ? found[0]
        : (found.find((one) => one.typed && this.isParameterList(one.params)) ??
          found.find((one) => one.typed) ??
          found[0]);
    if (chosen) {
      out.name = chosen.name;
      out.params = chosen.params;
      out.callable = true;
      out.typed = chosen.typed;
      return;
    }
    this.variable(list, keyword, out);
  }

  /** `(*name(…))`, `(*name)`, `(name)`: the content of a group that can be a declarator. */
  private nested(
    group: number,
    depth = 0,
  ): { name: number; params: number; pointer: boolean } | null {
    const { kinds, match } = this;
    const end = match[group]!;
    const pointer = kinds[group + 1] === star;
    for (let i = group + 1; i < end; i++) {
      const kind = kinds[i]!;
      if (kind === WordClass.plain) {
        const params = pointer && kinds[i + 1] === open ? i + 1 : -1;
        if (!pointer && i + 1 !== end) return null;
        return { name: i, params, pointer };
      }
      if (kind === open) {
        const deeper = depth < deepestDeclarator ? this.nested(i, depth + 1) : null;
        return deeper && { ...deeper, pointer: deeper.pointer || pointer };
      }
      if (kind !== star && kind !== WordClass.qualifier && kind !== WordClass.attribute)
        return null;
    }
    return null;
  }

  /** Holds no parameter, or one with a type: what an attribute's arguments do not look like. */
  private isParameterList(group: number): boolean {
    const { kinds, match } = this;
    const end = match[group]!;
    if (end === group + 1) return true;
    for (let i = group + 1; i < end; i++) {
      const kind = kinds[i]!;
      if (kind === WordClass.primitive || kind === WordClass.tag) return true;
      if (kind !== WordClass.plain) continue;
      const next = kinds[i + 1];
      if (next === WordClass.plain) return true;
      if (next === star && (kinds[i + 2] === WordClass.plain || kinds[i + 2] === star)) return true;
    }
    return false;
  }

  /** The name of a variable or type: before its array bounds, else the first word behind the type. */
  private variable(list: readonly number[], keyword: number, out: Described): void {
    const { kinds } = this;
    const bracket = list.findIndex((i) => kinds[i] === openBracket);
    out.array = bracket >= 0;
    let typeEnd = -1;
    for (let at = 0; at < list.length; at++) {
      const kind = kinds[list[at]!]!;
      if (kind === Token.block || kind === WordClass.primitive) typeEnd = at;
      else if (kind === WordClass.typeof) typeEnd = ++at;
      else if (kind === colon) break;
    }
    if (keyword >= 0 && typeEnd < keyword) typeEnd = keyword + (out.tag >= 0 ? 1 : 0);
    out.typed = true;
    if (typeEnd < 0) {
      typeEnd = list.findIndex((i) => kinds[i] === WordClass.plain);
      out.typed = typeEnd >= 0;
    }
    const last = bracket >= 0 ? bracket : list.length;
    const names = list.slice(typeEnd + 1, last).filter((i) => kinds[i] === WordClass.plain);
    const name = bracket >= 0 ? names[names.length - 1] : names[0];
    if (name !== undefined) out.name = name;
  }

  /** What opens with the brace that comes now. */
  opens(described: Described): 'function' | 'struct' | 'list' | 'linkage' | 'other' {
    const { kinds } = this;
    if (this.hasEquals) return 'list';
    const top = this.top();
    const first = kinds[top[0] ?? -1];
    if (first === WordClass.storage && kinds[top[1] ?? -1] === Token.string) return 'linkage';
    const keyword = top.findLastIndex((i) => kinds[i] === WordClass.tag);
    if (keyword >= 0 && this.isTagOnly(top.slice(keyword + 1))) return 'struct';
    if (described.callable && first !== WordClass.control) return 'function';
    return 'other';
  }

  /** `tag`, `MACRO tag`, `MACRO(…) tag`, `tag : base`: what stands between `struct` and its brace. */
  private isTagOnly(rest: readonly number[]): boolean {
    const { kinds } = this;
    return rest.every((i, at) => {
      const kind = kinds[i]!;
      return (
        kind === WordClass.plain ||
        kind === colon ||
        kind === WordClass.primitive ||
        (kind === open && at === 1 && rest.length > 2)
      );
    });
  }

  /** `int f(a, b) int a;`: declares a parameter of an old-style definition, so that a body may come. */
  isOldStyle(described: Described): boolean {
    const { kinds, words, match } = this;
    if (!described.callable || described.params < 0) return false;
    const end = match[described.params]!;
    let last = -1;
    for (let i = end + 1; i < this.length; i++) if (kinds[i] === WordClass.plain) last = i;
    if (last < 0 || last === end + 1) return false;
    for (let i = described.params + 1; i < end; i++)
      if (kinds[i] === WordClass.plain && words[i] === words[last]) return true;
    return false;
  }
}

/** What a head declares, as numbers of its tokens; -1 for none. */
export interface Described {
  /** Where the declaration begins to the grammar. */
  first: number;
  typedef: boolean;
  /** `struct`, `union` or `enum` of the type, and its tag. */
  struct: number;
  tag: number;
  name: number;
  /** A function is declared, and its parameters stand here. */
  callable: boolean;
  params: number;
  /** A type stands before the name. */
  typed: boolean;
  array: boolean;
}
