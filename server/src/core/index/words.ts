/**
 * Identifiers as numbers: one `Words` per process is handed to everything that reads C, so that
 * "who mentions this name" compares numbers and a name is stored once.
 */

/** Words that make no declaration: they begin statements. */
const control = [
  'if',
  'for',
  'while',
  'do',
  'switch',
  'case',
  'default',
  'else',
  'return',
  'goto',
  'break',
  'continue',
  'sizeof',
  'defined',
  '_Alignof',
  '__alignof__',
];
const storage = [
  'static',
  'extern',
  'typedef',
  'inline',
  '__inline',
  '__inline__',
  '__forceinline',
  'register',
  'auto',
  '_Thread_local',
  '__thread',
  '_Noreturn',
  '__extension__',
];
const qualifiers = [
  'const',
  'volatile',
  'restrict',
  '__const',
  '__const__',
  '__volatile__',
  '__volatile',
  '__restrict',
  '__restrict__',
];
const primitives = [
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '__signed__',
  'bool',
  '_Bool',
];
const tags = ['struct', 'union', 'enum'];
const gnuAttributes = ['__attribute__', '__attribute', '__declspec', '_Alignas', 'alignas'];
const assembler = ['asm', '__asm__', '__asm'];
const typeofs = ['typeof', '__typeof__', '__typeof', 'typeof_unqual'];

/** What a word is to the head of a declaration. */
export const WordClass = {
  control: 1,
  storage: 2,
  qualifier: 3,
  primitive: 4,
  tag: 5,
  gnuAttribute: 6,
  assembler: 7,
  typeof: 8,
  /** A word of the catalogue that the grammar never sees. */
  attribute: 9,
  plain: 10,
} as const;

const classes: readonly (readonly [number, readonly string[]])[] = [
  [WordClass.control, control],
  [WordClass.storage, storage],
  [WordClass.qualifier, qualifiers],
  [WordClass.primitive, primitives],
  [WordClass.tag, tags],
  [WordClass.gnuAttribute, gnuAttributes],
  [WordClass.assembler, assembler],
  [WordClass.typeof, typeofs],
];

/** Ids of the words that the skim asks for by name: the order of the lists above. */
export const staticWord = control.length;
export const externWord = staticWord + 1;
export const typedefWord = staticWord + 2;
export const inlineWord = staticWord + 3;
export const enumWord = control.length + storage.length + qualifiers.length + primitives.length + 2;

/** Names and numbers for them, in both directions. Numbers count up from 0 and never change. */
export class Words {
  /** Every id below this one is C's own word or an attribute: no name that something mentions. */
  readonly firstName: number;
  /**
   * Two numbers for each word: where its characters begin, and the last collection that has seen it
   * (`newStamp`). They stand side by side since looking a word up and marking it is what a skim does
   * most. The array is replaced as it grows: take it anew after each new word.
   */
  entries = new Int32Array(2048);
  private lastStamp = 0;
  private count = 0;
  private used = 0;
  /** Every word's characters with a 0 behind them. */
  private chars = new Uint8Array(16384);
  /** Two numbers for each slot: the word's number plus 1, and its hash. */
  private slots = new Int32Array(8192);
  private readonly kinds: readonly number[];
  private readonly cache: string[] = [];

  /** @param attributes words that the mask blanks (catalogue `macros.attributes`) */
  constructor(attributes: readonly string[] = []) {
    const kinds: number[] = [];
    for (const [kind, list] of [...classes, [WordClass.attribute, attributes] as const])
      for (const word of list) if (this.id(word) === kinds.length) kinds.push(kind);
    this.kinds = kinds;
    this.firstName = kinds.length;
  }

  get size(): number {
    return this.count;
  }

  /** Bytes held, for reports. */
  get bytes(): number {
    return this.chars.byteLength + this.entries.byteLength + this.slots.byteLength;
  }

  /** One of `WordClass`. */
  classOf(id: number): number {
    return id < this.firstName ? this.kinds[id]! : WordClass.plain;
  }

  /** The number of a name, a new one when it has none. Names are ASCII: a C identifier or a path. */
  id(name: string): number {
    return this.at(name, 0, name.length, hashOf(name));
  }

  /** The number of a name, -1 when nothing has mentioned it. */
  find(name: string): number {
    return this.slots[this.slotOf(name, 0, name.length, hashOf(name))]! - 1;
  }

  /** The name of a number. */
  of(id: number): string {
    const known = this.cache[id];
    if (known !== undefined) return known;
    const from = this.entries[2 * id]!;
    const name = String.fromCharCode(...this.chars.subarray(from, this.chars.indexOf(0, from)));
    this.cache[id] = name;
    return name;
  }

  /** A new collection's number for `entries`. */
  newStamp(): number {
    return ++this.lastStamp;
  }

  /** The number of the name at `start..end` of a text, whose hash the scanner has made on its way. */
  at(text: string, start: number, end: number, hash: number): number {
    const slot = this.slotOf(text, start, end, hash);
    const known = this.slots[slot]!;
    return known > 0 ? known - 1 : this.add(text, start, end, hash, slot);
  }

  private slotOf(text: string, start: number, end: number, hash: number): number {
    const { slots, entries, chars } = this;
    const mask = slots.length - 2;
    for (let slot = ((hash ^ (hash >>> 15)) << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = slots[slot]! - 1;
      if (id < 0) return slot;
      if (slots[slot + 1] !== hash) continue;
      let at = entries[2 * id]!;
      let k = start;
      while (k < end && chars[at] === text.charCodeAt(k)) {
        k++;
        at++;
      }
      if (k === end && chars[at] === 0) return slot;
    }
  }

  private add(text: string, start: number, end: number, hash: number, slot: number): number {
    const id = this.count++;
    const to = this.used + end - start + 1;
    if (to > this.chars.length) this.chars = grown(this.chars, new Uint8Array(2 * to));
    if (2 * id >= this.entries.length)
      this.entries = grown(this.entries, new Int32Array(2 * this.entries.length));
    this.entries[2 * id] = this.used;
    for (let k = start; k < end; k++) this.chars[this.used++] = text.charCodeAt(k);
    this.chars[this.used++] = 0;
    this.slots[slot] = id + 1;
    this.slots[slot + 1] = hash;
    if (4 * this.count > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const old = this.slots;
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const hash = old[from + 1]!;
      let slot = ((hash ^ (hash >>> 15)) << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from]!;
      slots[slot + 1] = hash;
    }
    this.slots = slots;
  }
}

/** The factor of the hash that scanners make one character at a time: `imul(hash ^ code, hashFactor)`. */
export const hashFactor = 0x01000193;

export function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), hashFactor);
  return hash;
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
